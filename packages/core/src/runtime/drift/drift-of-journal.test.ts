import { describe, expect, it } from 'vitest'
import { plainBot, timed, walkColumns } from '../../backtest/backtest.fixture.ts'
import type { OrderEvent } from '../../contracts/events.ts'
import { stopLoss } from '../../exits/stop-loss.ts'
import { money, multiply, totalOf } from '../../model/money.ts'
import { MINUTE_MS } from '../../model/time.ts'
import { drift } from './drift.ts'
import type { DriftReport } from './drift-report.ts'
import { journalledRun, recordedRun, venueOfBacktest } from './recorded.fixture.ts'
import type { Injected } from './recorded.fixture.ts'

const columns = walkColumns(40, 7, 0.02)
const bots = [plainBot({ strategy: timed({ buyAt: [5, 20], sellAt: [15, 30] }), exits: [stopLoss(0.02)] })]
const candles = [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns }]
const common = { bots, safety: [], candles, ...venueOfBacktest }
const ofJournal = (injected?: Injected): DriftReport => drift({ ...common, journal: journalledRun(columns, bots, injected) })
const ofRecording = (injected?: Injected): DriftReport => drift({ ...common, recording: recordedRun(columns, bots, injected) })
const cents = ({ lines, unexplained }: DriftReport): string[] =>
  [...lines.map(({ amount }) => amount), unexplained].map((text) => Number(text).toFixed(2).replace('-0.00', '0.00'))

describe('drift of a run that only its journal tells of', () => {
  it('is nothing when nothing was otherwise', () => {
    const none = ofJournal()
    expect(none).toMatchObject({ against: 'journal', drift: '0', unexplained: '0', same: 4, decisions: [], actual: { orders: 4, fills: 4 } })
    expect(none.notes[0]).toContain('a journal holds neither prices nor when they came')
  })

  it('says what a recording says of fills, fees, pauses and money', () => {
    const worse = (answer: OrderEvent, fills: number): OrderEvent => {
      if (answer.type === 'report') return answer
      const { fill } = answer
      const price = multiply(fill.price, money(fills === 1 ? '1.01' : '1'))
      return { type: 'fill', fill: { ...fill, price, fee: { ...fill.fee, amount: multiply(fill.fee.amount, money(fills === 2 ? '2' : '1')) } } }
    }
    for (const injected of [
      { answers: worse },
      { commands: { 18: { kind: 'pause' }, 25: { kind: 'resume' } } },
      {
        commands: {
          8: { kind: 'deposit', currency: 'USD', amount: '100', reason: 'more' },
          33: { kind: 'trade', botId: 'sol', side: 'buy', quoteAmount: '40' },
        },
      },
    ] satisfies Injected[]) {
      const [journal, recording] = [ofJournal(injected), ofRecording(injected)]
      expect(cents(journal)).toEqual(cents(recording))
      expect(journal.decisions.map(({ first, total }) => [first, Number(total).toFixed(2)])).toEqual(
        recording.decisions.map(({ first, total }) => [first, Number(total).toFixed(2)]),
      )
      expect(journal.drift).not.toBe('0')
    }
  })

  it('adds up to what the valuations say, and leaves unexplained what came of prices that it does not hold', () => {
    const late: Injected = { late: { 5: 30_000 }, missed: [20] }
    const report = ofJournal(late)
    expect(totalOf([...report.lines.map(({ amount }) => amount), report.unexplained])).toBe(report.drift)
    expect(report.actual.pnl).toBe(ofRecording(late).actual.pnl)
    const [data, timing] = report.lines
    expect([data?.amount, timing?.amount]).toEqual(['0', '0'])
    expect(Number(report.unexplained)).not.toBe(0)
  })

  it('takes a part of the time, and begins there with what was held', () => {
    const journal = journalledRun(columns, bots)
    const valued = journal.filter(({ type }) => type === 'valuation').map(({ atMs }) => atMs)
    expect(valued.length).toBeGreaterThan(1)
    const none = () => drift({ ...common, journal, fromMs: valued.at(-1)! })
    expect(none).toThrow(/expected two valuations/)
    expect(() => drift({ ...common, journal: journal.filter(({ type }) => type !== 'configInForce') })).toThrow(/expected its beginning/)
  })
})
