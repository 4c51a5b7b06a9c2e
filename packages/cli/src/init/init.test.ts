import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { runCommandLine } from '../command-line.ts'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { main } from '../main.ts'
import { templates } from '../new/templates.ts'
import { initCommand } from './init-command.ts'
import { packageManager } from './install.ts'
import type { Install } from './install.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'millrace-init-'))))
afterEach(() => rmSync(folder, { recursive: true }))

async function init(install: Install, ...argv: string[]) {
  const terminal = capturedTerminal()
  const context: CommandContext = { terminal, exitCode: exitCodes.ok }
  return {
    exitCode: await runCommandLine(initCommand(context, { install, makeCandles: () => Promise.resolve([]) }), argv, context),
    stdout: terminal.stdout(),
    stderr: terminal.stderr(),
  }
}
async function millrace(...argv: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(argv, terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

describe('millrace init', () => {
  it('writes the project, installs its packages, and says what comes next', async () => {
    const dir = join(folder, 'My Bot')
    const asked: string[] = []
    const { exitCode, stdout } = await init((where) => void asked.push(where), dir)
    expect([exitCode, asked]).toEqual([0, [dir]])
    expect(stdout).toMatch(/cd .*My Bot\n {2}\w+ run backtest\n {2}\w+ run paper\n$/)
    expect(readdirSync(dir).sort()).toEqual(['.gitignore', 'README.md', 'bots.json', 'package.json', 'src', 'tsconfig.json'])
    const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as { name: string; scripts: object }
    expect([manifest.name, Object.keys(manifest.scripts)]).toEqual(['my-bot', ['backtest', 'paper', 'test', 'check']])
    const again = await init(() => undefined, dir)
    expect([again.exitCode, again.stderr]).toEqual([3, expect.stringContaining('nothing was written')])
  })
  it('says that the installation failed, and keeps the files', async () => {
    const { exitCode, stderr } = await init(() => 'exit code 7', folder)
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('install failed (exit code 7); the files are written')])
    expect(existsSync(join(folder, 'bots.json'))).toBe(true)
  })
  it('takes the package manager that started it', () =>
    expect([packageManager({ npm_config_user_agent: 'pnpm/11.1.0 npm/? node/v24.0.0' }), packageManager({})]).toEqual(['pnpm', 'npm']))
})

describe('millrace new', () => {
  it.each(templates.map(({ kind }) => kind))('%s: a plugin and its test, with how to use it', async (kind) => {
    const { exitCode, stdout } = await millrace('new', kind, 'my-own', '--dir', folder, '--json')
    const { files, use } = JSON.parse(stdout) as { files: string[]; use: string }
    expect([exitCode, files]).toEqual([0, [join(folder, 'my-own.ts'), join(folder, 'my-own.test.ts')]])
    expect(use).toContain('myOwn')
    expect(readFileSync(files[0]!, 'utf8')).toContain('export const myOwn')
  })
  it('writes over nothing, and takes no name that cannot be one', async () => {
    writeFileSync(join(folder, 'mine.test.ts'), '')
    expect(await millrace('new', 'exit', 'mine', '--dir', folder)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('mine.test.ts: nothing was') as string,
    })
    expect(existsSync(join(folder, 'mine.ts'))).toBe(false)
    for (const name of ['Mine', '-x', 'a--b', 'import', 'rsi', '../x'])
      expect(await millrace('new', 'exit', name, '--dir', folder)).toMatchObject({ exitCode: 2, stdout: '' })
  })
})
