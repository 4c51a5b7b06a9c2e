import { execFile } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { capturedTerminal } from '../src/captured-terminal.fixture.ts'
import { main } from '../src/main.ts'
import { templates } from '../src/new/templates.ts'
import { temporaryFolder } from './millrace-process.ts'

const call = promisify(execFile)

async function millrace(...argv: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(argv, terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

describe('a project made with millrace init', () => {
  it('compiles, passes its tests, and is good for a backtest and a paper run; so is everything that millrace new makes', async () => {
    const folder = join(temporaryFolder(), 'my-bot')
    expect((await millrace('init', folder, '--no-install')).stdout).toContain(`cd ${folder}\n  npm install\n  npm run backtest\n  npm run paper\n`)
    expect(readFileSync(join(folder, 'src/dip-buyer.ts'), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(30)
    for (const { kind } of templates) expect((await millrace('new', kind, `my-${kind}`, '--dir', join(folder, 'src'))).exitCode).toBe(0)
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
    const compiler = resolve('node_modules/typescript-7/bin/tsc')
    const source = '--conditions=@millrace/source'
    // What the scripts of the project run, against the sources of this repository.
    const [types, tests] = await Promise.all([
      call(process.execPath, [compiler, '--customConditions', '@millrace/source', '--exactOptionalPropertyTypes'], { cwd: folder }).catch(
        (error: { stdout: string }) => error,
      ),
      call(process.execPath, [source, '--test', '--test-isolation=none', 'src/**/*.test.ts'], { cwd: folder }).catch((error: { stdout: string }) => error),
    ])
    expect(types.stdout).toBe('')
    expect(tests.stdout).toMatch(/^ℹ fail 0$/m)
    expect(Number(/^ℹ pass (\d+)$/m.exec(tests.stdout)![1])).toBeGreaterThan(60)

    const config = join(folder, 'bots.json')
    expect(await millrace('config', 'check', config)).toMatchObject({ exitCode: 0, stderr: '' })
    const html = join(folder, 'report.html')
    const backtest = await millrace('backtest', config, '--data', join(folder, 'candles'), '--html', html, '--json')
    expect(backtest.exitCode).toBe(0)
    expect((JSON.parse(backtest.stdout) as { roundTrips: { count: number } }).roundTrips.count).toBeGreaterThan(2)
    expect(existsSync(html)).toBe(true)
    const db = join(folder, 'paper.db')
    const paper = await millrace('run', '--config', config, '--market', 'simulated', '--speed', '3600', '--until', '20m', '--db', db, '--json')
    expect([paper.exitCode, JSON.parse(paper.stdout)]).toEqual([0, expect.objectContaining({ environment: 'paper', bots: 2 })])
  })
})
