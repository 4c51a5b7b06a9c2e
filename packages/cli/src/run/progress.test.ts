import { describe, expect, it } from 'vitest'
import { progressLine, showProgress } from './progress.ts'

const fromMs = Date.UTC(2025, 8, 17)
const toMs = Date.UTC(2025, 8, 21)

const output = (isTty: boolean) => {
  const written: string[] = []
  return { written, to: { write: (text: string) => void written.push(text), isTty, columns: 60 } }
}

describe('progressLine', () => {
  it('says event time, share, rate and time left', () => {
    expect(progressLine({ nowMs: Date.UTC(2025, 8, 18), candleBots: 4_000_000 }, { fromMs, toMs }, 2000)).toBe(
      '2025-09-18 00:00:00Z   25 %  2.00 M candle-bots/s  6s left',
    )
  })
  it('says no share where there is no end', () => {
    expect(progressLine({ nowMs: fromMs, candleBots: 500 }, { fromMs }, 1000)).toBe('2025-09-17 00:00:00Z  500 candle-bots/s')
  })
  it('never says more than all', () => expect(progressLine({ nowMs: toMs + 1, candleBots: 1 }, { fromMs, toMs }, 1000)).toContain('100 %'))
})

describe('showProgress', () => {
  it('writes at most a line a second, and plain lines into a pipe', () => {
    const { to, written } = output(false)
    let now = 0
    const progress = showProgress(to, { fromMs, toMs }, () => now)
    for (now = 0; now <= 3500; now += 10) progress.report({ nowMs: fromMs + now, candleBots: now })
    progress.end()
    expect(written).toHaveLength(3)
    expect(written.every((line) => line.endsWith('\n') && !line.includes('\r'))).toBe(true)
  })
  it('redraws one line on a terminal, inside its width, and ends it', () => {
    const { to, written } = output(true)
    let now = 0
    const progress = showProgress(to, { fromMs, toMs }, () => now)
    now = 1000
    progress.report({ nowMs: fromMs + 1000, candleBots: 1 })
    progress.end()
    expect(written).toHaveLength(2)
    expect(written[0]?.startsWith('\r')).toBe(true)
    expect(written[0]).toHaveLength(60)
    expect(written[1]).toBe('\n')
  })
  it('says nothing of a run that is over within a second', () => {
    const { to, written } = output(true)
    const progress = showProgress(to, { fromMs, toMs }, () => 999)
    progress.report({ nowMs: fromMs, candleBots: 1 })
    progress.end()
    expect(written).toEqual([])
  })
})
