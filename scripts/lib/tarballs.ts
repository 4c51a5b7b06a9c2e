import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './command.ts'
import { publishedPackages } from './packages.ts'
import type { PackageJson } from './packages.ts'
import { cacheDirectory, root } from './repo.ts'

export interface Tarball {
  readonly name: string
  /** Absolute path of the `.tgz`. */
  readonly path: string
  readonly data: Uint8Array<ArrayBuffer>
  /** Paths inside the package. */
  readonly files: readonly string[]
  /** The `package.json` that is published, not the one of the workspace. */
  readonly json: PackageJson
}

const folder = join(cacheDirectory, 'tarballs')

/** Packs every published package the way it is published: with pnpm, which rewrites exports and workspace versions. */
export async function packAll(): Promise<Tarball[]> {
  rmSync(folder, { recursive: true, force: true })
  return Promise.all(
    publishedPackages().map(async ({ folder: source, json }) => {
      const destination = join(folder, source.replace('packages/', ''))
      mkdirSync(destination, { recursive: true })
      const packed = await runCommand('pnpm', ['pack', '--pack-destination', destination], { cwd: join(root, source), limitSeconds: 60 })
      const file = readdirSync(destination).find((name) => name.endsWith('.tgz'))
      if (packed.exitCode !== 0 || file === undefined) throw new Error(`pnpm pack failed in ${source}\n${packed.output}`)
      const path = join(destination, file)
      return { name: json.name, path, data: new Uint8Array(readFileSync(path)), ...contentsOf(path) }
    }),
  )
}

function contentsOf(path: string): Pick<Tarball, 'files' | 'json'> {
  const list = execFileSync('tar', ['-tzf', path], { encoding: 'utf8' })
  const files = list
    .trim()
    .split('\n')
    .map((name) => name.replace(/^package\//, ''))
  const json = execFileSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' })
  return { files, json: JSON.parse(json) as PackageJson }
}
