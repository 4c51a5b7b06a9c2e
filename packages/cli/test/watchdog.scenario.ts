import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { millrace, temporaryFolder } from './millrace-process.ts'

const strategy = `import { defineStrategy } from '@millrace/core'
import { z } from 'zod'

let calls = 0
export const stuck = defineStrategy({
  id: 'stuck',
  params: z.strictObject({}),
  indicators: () => ({}),
  components: { none: () => 'none' },
  evaluate(_context, _params, signal) {
    signal.add('none', 0)
    while (calls++ > 5);
  },
})
`

describe('a plugin that never returns', () => {
  it('ends the process with exit code 5, its place and a halted next start, which says why', async () => {
    const folder = temporaryFolder()
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'stuck.ts'), strategy)
    const bots = (use: string): string =>
      JSON.stringify({ account: { cash: { USD: '500' } }, bots: [{ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy: use }] })
    writeFileSync(join(folder, 'bots.json'), bots('./stuck.ts'))
    writeFileSync(join(folder, 'good.json'), bots('weighted-signals'))
    const run = ['run', '--market', 'simulated', '--until', '3h', '--speed', '3600', '--db', 'run.db', '--watchdog', '500ms']
    const stuck = await millrace([...run, '--config', 'bots.json'], { cwd: folder })
    expect([stuck.exitCode, stuck.stdout]).toEqual([5, ''])
    const why = /the process stood still for 0\.5 s, in evaluate\(\) at file:.*stuck\.ts:12: the watchdog ended it/
    expect(stuck.stderr).toMatch(why)
    expect(readFileSync(join(folder, 'run.db.halt'), 'utf8')).toMatch(why)
    const again = await millrace([...run, '--config', 'good.json', '--until', '5m'], { cwd: folder })
    expect(again.exitCode).toBe(5)
    expect(again.stderr).toMatch(why)
    expect(existsSync(join(folder, 'run.db.halt'))).toBe(true)
  })
})
