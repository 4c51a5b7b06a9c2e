import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { capturedTerminal } from '../src/captured-terminal.fixture.ts'
import { main } from '../src/main.ts'
import type { BacktestReport } from '../src/run/backtest-report.ts'
import { temporaryFolder } from './millrace-process.ts'

const tutorial = readFileSync(fileURLToPath(new URL('../../../docs/tutorials/first-backtest.md', import.meta.url)), 'utf8')
const fences = [...tutorial.matchAll(/```(sh|json)\n([\s\S]*?)```/g)].map(([, language, text]) => ({ language, text: text! }))

test('the tutorial of the first backtest works as it is written, offline', async () => {
  const home = process.cwd()
  const folder = temporaryFolder()
  process.chdir(folder)
  try {
    let commands = 0
    for (const { language, text } of fences) {
      if (language === 'json') {
        writeFileSync('first.json', text)
        continue
      }
      for (const line of text.trim().split('\n')) {
        const [, words] = /^npm run millrace -- (.+)$/.exec(line) ?? []
        expect(words, line).toBeDefined()
        const terminal = capturedTerminal()
        expect([line, await main(words!.split(' '), terminal), terminal.stderr()]).toEqual([line, 0, expect.any(String)])
        commands++
      }
    }
    expect(commands).toBe(4)
  } finally {
    process.chdir(home)
  }
  const result = (name: string): BacktestReport => JSON.parse(readFileSync(join(folder, name), 'utf8')) as BacktestReport
  const [own, detail] = [result('result.json'), result('detail.json')]
  // Both bots trade, some round trips end by a stop or a target, and the report can be opened.
  expect(own.statistics.breakdown.byBot.map(({ key }) => key)).toEqual(['eth', 'sol'])
  expect(own.statistics.breakdown.byExit.map(({ key }) => key)).toEqual(expect.arrayContaining(['stop-loss']))
  expect(own.candles).toBe(2 * 7 * 96)
  expect(detail.candles).toBe(2 * 7 * (1440 + 96))
  expect(existsSync(join(folder, 'report.html'))).toBe(true)
})
