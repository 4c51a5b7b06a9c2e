import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { peers } from './peers.mjs'

/** What became of a peer. */
export interface Installed {
  readonly name: string
  readonly version: string
  readonly problem?: string
}

/** Node's own folder, if it carries the headers that native peers are compiled with. */
const headers = (): string | undefined => {
  const home = join(dirname(process.execPath), '..')
  return existsSync(join(home, 'include', 'node', 'node.h')) ? home : undefined
}

/** The published talib carries object files of another system, which stop the build unless they are removed. */
const removeObjects = (folder: string): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) removeObjects(path)
    else if (/\.(o|a|lo|node)$/.test(entry.name)) rmSync(path)
  }
}

/** Installs each peer by name into a new temporary folder; nothing of it touches the project. */
export const installPeers = (say: (line: string) => void): { folder: string; installed: Installed[] } => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-peers-'))
  const home = headers()
  const env = { ...process.env, ...(home === undefined ? {} : { npm_config_nodedir: home }) }
  const npm = (...args: string[]): string | undefined => {
    const { status, stderr, error } = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      env,
      encoding: 'utf8',
      timeout: 600_000,
    })
    return status === 0 ? undefined : (error?.message ?? stderr.trim().split('\n').slice(-1)[0] ?? `npm ended with ${status}`)
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  const installed = Object.entries(peers).map(([name, version]): Installed => {
    say(`installing ${name} ${version}`)
    const native = name === 'talib' || name === 'tulind'
    let problem = npm('install', '--ignore-scripts', `${name}@${version}`)
    if (problem === undefined && native) {
      removeObjects(join(folder, 'node_modules', name))
      problem = npm('rebuild', name)
    }
    return { name, version, ...(problem === undefined ? {} : { problem }) }
  })
  return { folder, installed }
}
