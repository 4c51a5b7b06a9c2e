import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lastLine, millrace, smallConfig, start, temporaryFolder } from './millrace-process.ts'

describe('millrace panic', () => {
  const setUp = () => {
    const folder = temporaryFolder()
    const db = join(folder, 'trader.db')
    return { db, run: ['run', '--config', smallConfig(folder), '--market', 'simulated', '--db', db] }
  }

  it('[row 21] stops a running engine from another process, and a restart stays stopped', async () => {
    const { db, run } = setUp()
    const engine = start(run)
    await engine.says('engine pid')
    const panic = await millrace(['panic', '--db', db, '--reason', 'prices look wrong', '--json'])
    expect(panic.exitCode).toBe(0)
    expect(JSON.parse(lastLine(panic.stdout))).toMatchObject({ outcome: 'acknowledged', enginePid: engine.child.pid, reason: 'prices look wrong' })
    engine.child.kill('SIGINT')
    const stopped = await engine.ended
    expect(stopped.exitCode).toBe(5)
    expect(stopped.stderr).toContain('the run ended halted')

    const again = start(run)
    await again.says('engine pid')
    again.child.kill('SIGINT')
    expect((await again.ended).exitCode).toBe(5)
  })
  it('[row 21] does not mistake a killed engine for a running one, and makes the next start a halted one', async () => {
    const { db, run } = setUp()
    const engine = start(run)
    await engine.says('engine pid')
    engine.child.kill('SIGKILL')
    await engine.ended
    const panic = await millrace(['panic', '--db', db])
    expect(panic).toMatchObject({ exitCode: 0, stderr: '' })
    expect(panic.stdout).toContain('no engine runs on')
    const again = start(run)
    await again.says('engine pid')
    again.child.kill('SIGINT')
    expect((await again.ended).exitCode).toBe(5)
  })
  it('says so, with exit code 3, when a process that holds the database does not answer in time', async () => {
    const { db, run } = setUp()
    const engine = start(run)
    await engine.says('engine pid')
    engine.child.kill('SIGSTOP')
    const panic = await millrace(['panic', '--db', db, '--timeout', '500ms'])
    engine.child.kill('SIGCONT')
    expect(panic).toMatchObject({ exitCode: 3, stdout: '' })
    expect(panic.stderr).toContain(`NOT CONFIRMED within 500ms: process ${engine.child.pid} holds the database`)
    engine.child.kill('SIGINT')
    await engine.ended
  })
  it('refuses a database that is not there', async () => {
    const panic = await millrace(['panic', '--db', join(temporaryFolder(), 'typo.db')])
    expect(panic).toMatchObject({ exitCode: 3, stdout: '' })
    expect(panic.stderr).toContain('there is no database')
  })
})
