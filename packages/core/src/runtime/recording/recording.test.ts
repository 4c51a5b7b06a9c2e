import { describe, expect, it } from 'vitest'
import { bot } from '../../config/bot.ts'
import type { Engine } from '../../contracts/engine.ts'
import { takeProfit } from '../../exits/take-profit.ts'
import { stopLoss } from '../../exits/stop-loss.ts'
import { memoryStore } from '../../stores/memory-store.ts'
import { paper } from '../../simulation/paper.ts'
import { simulatedMarket } from '../../simulation/simulated-market/simulated-market.ts'
import { weightedSignals } from '../../strategies/weighted-signals/weighted-signals.ts'
import { createEngine } from '../create-engine.ts'
import type { EngineOptions } from '../create-engine.ts'
import { runSchedule } from '../../testing/faults/schedule.ts'
import type { EngineParts } from '../../testing/faults/schedule.ts'
import { recordingHeader } from './recording-reader.ts'
import { replayRecording } from './replay-recording.ts'

const bots = (threshold = 0.1) =>
  ['SOL', 'ETH'].map((coin) =>
    bot({
      id: coin.toLowerCase(),
      instrument: `${coin}-USD`,
      timeframe: '1m',
      on: 'update',
      strategy: weightedSignals(),
      actionThreshold: threshold,
      confirm: '1m',
      exits: [stopLoss(0.004), takeProfit(0.004)],
      safety: [],
    }),
  )
const exchange = () => paper({ cash: { USD: '1000' }, slippageBps: 5 })

/** A recorded run of some hours; `act` is called with the engine at fills, in order. */
async function record(until: string, act: (engine: Engine, fills: number) => void = () => undefined, more: Partial<EngineOptions> = {}) {
  const lines: string[] = []
  let closed = 0
  const engine = createEngine({
    market: simulatedMarket({ seed: 5, until, speed: 'max', instruments: ['SOL-USD', 'ETH-USD'] }),
    exchange: exchange(),
    store: memoryStore(),
    bots: bots(),
    safety: [],
    environment: 'backtest',
    recording: { write: (line) => lines.push(line), close: () => void closed++ },
    ...more,
  })
  let fills = 0
  engine.on('fill', () => act(engine, ++fills))
  await engine.start()
  const { journalHash } = await engine.finished
  expect(closed).toBe(1)
  return { lines, journalHash, fills: () => fills }
}

describe('a recording', () => {
  it('runs again bit for bit, twice, with everything that a person did in between', async () => {
    const asked: Promise<unknown>[] = []
    const { lines, journalHash, fills } = await record('6h', (engine, n) => {
      if (n === 2) engine.pause('eth')
      if (n === 3) asked.push(engine.deposit('USD', '250'), engine.patchLimits({}))
      if (n === 4) engine.resume()
      if (n === 5) asked.push(engine.emergencyStop({ cancelOpenOrders: true }).then(() => engine.rearm()))
      if (n === 7) engine.flatten()
      if (n === 8) throw new Error('a listener that throws becomes an alert')
    })
    await Promise.all(asked)
    expect(fills()).toBeGreaterThan(8)
    for (let again = 0; again < 2; again++) {
      const report = replayRecording(lines, { bots: bots(), safety: [], exchange: exchange() })
      expect(report).toMatchObject({ complete: true, damaged: undefined, differs: undefined, journalHash })
      expect(report.inputs).toBe(lines.length - 2)
    }
    const kinds = new Set(lines.slice(1, -1).map((line) => (JSON.parse(line.slice(17)) as unknown[])[2]))
    for (const kind of ['command', 'reconciled', 'warning', 'end']) expect(kinds).toContain(kind)
  })

  it('names the first event after which another run differs', async () => {
    const { lines } = await record('3h')
    const { differs, complete } = replayRecording(lines, { bots: bots(0.2), safety: [], exchange: exchange() })
    expect(differs).toMatchObject({ what: expect.stringMatching(/^candle (SOL|ETH)-USD at \d+$/) as string })
    expect(complete).toBe(false)
    // The line that is named is the last one that both share.
    const shared = lines.slice(0, differs!.line - 1)
    expect(replayRecording(shared, { bots: bots(0.2), safety: [], exchange: exchange() })).toMatchObject({ differs: undefined, inputs: shared.length - 1 })
    expect(() => replayRecording(lines, { bots: bots(), safety: [], exchange: paper({ cash: { USD: '1000' }, slippageBps: 6 }) })).toThrow(
      /expected a venue with the parameters/,
    )
    expect(() => replayRecording(lines, { bots: bots(), safety: [] })).toThrow(/expected the simulated exchange/)
  })

  it('names the line in which one character is another', async () => {
    const { lines } = await record('20m')
    const replay = (changed: readonly string[]) => replayRecording(changed, { bots: bots(), safety: [], exchange: exchange() })
    for (let line = 1; line < lines.length; line += 37) {
      for (const place of [0, 9, 16, 20, lines[line]!.length - 1]) {
        const flipped = String.fromCharCode(lines[line]!.charCodeAt(place) ^ 1)
        const changed = lines.with(line, lines[line]!.slice(0, place) + flipped + lines[line]!.slice(place + 1))
        expect(replay(changed)).toMatchObject({ damaged: { line: line + 1 }, complete: false })
      }
    }
    expect(replay(lines.toSpliced(5, 1))).toMatchObject({ damaged: { line: 6 } })
    expect(replay(lines.slice(0, -4))).toMatchObject({ complete: false, damaged: undefined, differs: undefined })
    expect(() => replay([`x${lines[0]}`])).toThrow(/expected the first line of a recording/)
    expect(recordingHeader(lines[0]!)).toMatchObject({ recording: 1, exchange: 'simulated', market: 'simulated' })
  })

  it('takes up a run that took up another one, and one without a journal', async () => {
    const store = memoryStore()
    const kept = { open: (request: Parameters<typeof store.open>[0]) => store.open(request) }
    await record('2h', undefined, { store: kept })
    const { lines, journalHash } = await record('4h', undefined, { store: kept })
    expect(replayRecording(lines, { bots: bots(), safety: [], exchange: exchange() })).toMatchObject({ journalHash, differs: undefined, complete: true })
    const bare = await record('2h', undefined, { store: undefined as never })
    expect(replayRecording(bare.lines, { bots: bots(), safety: [], exchange: exchange() })).toMatchObject({ journalHash: bare.journalHash, differs: undefined })
  })
})

describe('a recording in wall time', () => {
  it('of a real exchange that loses answers, doubles fills and dies holds what that said, and runs again bit for bit', async () => {
    const runs: string[][] = []
    let options: Pick<Parameters<typeof replayRecording>[1], 'bots' | 'safety'> | undefined
    const sabotage = (parts: EngineParts): EngineParts => {
      const lines: string[] = []
      runs.push(lines)
      options = { bots: parts.bots, safety: parts.safety! }
      return { ...parts, recording: { write: (line) => lines.push(line), close: () => undefined } }
    }
    for (const seed of [1, 2, 3]) await runSchedule({ seed, minutes: 12, sabotage })
    const reports = runs.filter((lines) => lines.length > 0).map((lines) => replayRecording(lines, options!))
    expect(reports.filter(({ differs, damaged }) => differs !== undefined || damaged !== undefined)).toEqual([])
    expect(reports.filter(({ complete }) => complete).length).toBeGreaterThan(0)
    const kinds = new Set(runs.flat().flatMap((line) => (line[17] === '[' ? [(JSON.parse(line.slice(17)) as unknown[])[2]] : [])))
    for (const kind of ['closed', 'quote', 'outside', 'advance']) expect(kinds).toContain(kind)
  })
})
