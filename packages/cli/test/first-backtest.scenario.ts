import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { BacktestReport } from '../src/run/backtest-report.ts'
import { temporaryFolder } from './millrace-process.ts'
import { followPage } from './tutorial.ts'

test('the tutorial of the first backtest works as it is written, offline', async () => {
  const folder = temporaryFolder()
  expect(await followPage('tutorials/first-backtest.md', folder, 'first.json')).toHaveLength(5)
  const result = (name: string): BacktestReport => JSON.parse(readFileSync(join(folder, name), 'utf8')) as BacktestReport
  const [own, detail] = [result('result.json'), result('detail.json')]
  // Both bots trade, some round trips end by a stop or a target, and the report can be opened.
  expect(own.statistics.breakdown.byBot.map(({ key }) => key)).toEqual(['eth', 'sol'])
  expect(own.statistics.breakdown.byExit.map(({ key }) => key)).toEqual(expect.arrayContaining(['stop-loss']))
  expect(own.candles).toBe(2 * 7 * 96)
  expect(detail.candles).toBe(2 * 7 * (1440 + 96))
  expect(existsSync(join(folder, 'report.html'))).toBe(true)
})
