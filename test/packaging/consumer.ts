import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../scripts/lib/command.ts'
import type { CommandResult } from '../../scripts/lib/command.ts'
import type { Tarball } from '../../scripts/lib/tarballs.ts'

/** A project outside of the workspace that has the tarballs installed. */
export interface Consumer {
  readonly folder: string
  write(file: string, text: string): void
  node(...args: readonly string[]): Promise<CommandResult>
}

/**
 * Makes a project that depends on the named packages; everything of ours comes from the tarballs, the rest from pnpm's store.
 *
 * @param tools - packages of the registry with their versions, for development
 */
export async function installConsumer(tarballs: readonly Tarball[], names: readonly string[], tools: Readonly<Record<string, string>> = {}): Promise<Consumer> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-consumer-'))
  const fromTarball = Object.fromEntries(tarballs.map((each) => [each.name, `file:${each.path}`]))
  const write = (file: string, text: string): void => {
    mkdirSync(join(folder, file, '..'), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  const dependencies = Object.fromEntries(names.map((name) => [name, fromTarball[name]]))
  write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module', dependencies, devDependencies: tools }))
  // No build script is allowed here: pnpm refuses the installation if a package of the tree wants to run one; esbuild, a tool, does without.
  write('pnpm-workspace.yaml', `packages: []\noverrides: ${JSON.stringify(fromTarball)}\nallowBuilds: { esbuild: false }\n`)
  const installed = await runCommand('pnpm', ['install', '--prefer-offline', '--no-frozen-lockfile', '--reporter=append-only'], {
    cwd: folder,
    limitSeconds: 60,
  })
  if (installed.exitCode !== 0) throw new Error(`pnpm could not install the tarballs\n${installed.output}`)
  return { folder, write, node: (...args) => runCommand(process.execPath, args, { cwd: folder, limitSeconds: 60 }) }
}
