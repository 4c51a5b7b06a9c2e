import { fillModelOf } from '../../backtest/backtest-run.ts'
import { mergeSeries } from '../../backtest/merge-series.ts'
import type { PreparedCandles } from '../../backtest/prepare-candles.ts'
import type { BotConfig } from '../../contracts/bot-config.ts'
import { DEFAULT_BOOKING } from '../../ledger/lots.ts'
import { defaultGrading } from '../../ledger/analytics/grade.ts'
import { currenciesOf } from '../../model/instrument.ts'
import type { Instrument } from '../../model/instrument.ts'
import { breakerSettings } from '../../safety/circuit-breakers.ts'
import { coinbaseInstrument } from '../../simulation/products.ts'
import { plain } from '../recording/plain.ts'
import type { RecordingHeader } from '../recording/record-run.ts'
import type { DriftOfJournalOptions } from './drift-options.ts'
import type { DriftReport } from './drift-report.ts'
import { madeRun, stateBefore } from './made-run.ts'
import type { Setup } from './made-run.ts'
import { makeReport } from './make-report.ts'
import { readJournalledRun } from './journalled-run.ts'
import type { JournalledOrder, JournalledRun } from './journalled-run.ts'
import { dataNotes, preparedFor } from './prepared-for.ts'
import type { RecordedInput } from './recorded-run.ts'
import { free } from './run-watch.ts'
import type { ActualOrder } from './substituted-side.ts'

/** Explains what a journal holds: it knows orders and commands, but neither prices nor when they came. */
export function driftOfJournal(options: DriftOfJournalOptions): DriftReport {
  const { bots } = options
  const run = readJournalledRun(options.journal, options.fromMs, options.toMs)
  const { quote } = currenciesOf(bots[0]!.instrument)
  const header = headerOf(run, options)
  const atStart = stateBefore(header, options, run.before)
  const cash = options.cash ?? { [quote]: atStart.cash }
  const prepared = preparedFor(options, run, cash)
  const inputs = inputsOf(run, prepared)
  const { actual, names } = keyed(run.orders, bots, inputs, atStart.held)
  const recorded = { header, inputs, end: undefined, startMs: run.startMs, endMs: run.endMs }
  const model = fillModelOf({ ...options, cash })
  const setup: Setup = { bots, recorded, prepared, replay: options, model, actual, actualKeys: new Map(), answersApart: false, before: run.before }
  const runs = ([0, 1, 2, 3, 4, 5, 6, 7] as const).map((step) => madeRun(step, setup))
  const decided = runs.at(-1)!.decisions
  const left = run.orders.filter((_, i) => !decided.has(names[i]!))
  return makeReport({
    startMs: run.startMs,
    endMs: run.endMs,
    quote,
    against: 'journal',
    runs,
    actual: { pnl: run.pnl, orders: run.orders.length, fills: run.orders.reduce((sum, { fills }) => sum + fills, 0) },
    undecided: left.map(({ outcome }) => outcome),
    differsAfter: undefined,
    complete: true,
    notes: [
      'a journal holds neither prices nor when they came: what they changed is in unexplained, and in the fill prices of exits; a recording tells them apart',
      ...(left.length === 0 ? [] : [`${left.length} of ${run.orders.length} orders of the journal were not decided again: what they gained is in unexplained`]),
      ...dataNotes(options, prepared, runs[0]!.preload),
    ],
  })
}

function headerOf(
  { startMs, config, environment }: JournalledRun,
  { bots, booking, grading, breakers, staleMs, instruments }: DriftOfJournalOptions,
): RecordingHeader {
  return {
    recording: 1,
    environment,
    market: 'journal',
    exchange: 'simulated',
    about: null,
    config: config.config,
    configHash: config.hash,
    storeId: 'drift',
    journal: false,
    wall: false,
    instruments: plain(instruments ?? instrumentsOf(bots)),
    booking: booking ?? config.booking ?? DEFAULT_BOOKING,
    grading: grading ?? config.grading ?? defaultGrading,
    breakers: breakerSettings(breakers),
    staleMs: staleMs ?? 30_000,
    record: 'changes',
    kernel: { version: 1, seq: 0, hash: '', bots: {}, portfolio: { nowMs: startMs, gateOpen: true } },
    loop: null,
  }
}

const instrumentsOf = (bots: readonly BotConfig[]): readonly Instrument[] =>
  [...new Set(bots.map(({ instrument }) => instrument))].flatMap((id) => coinbaseInstrument(id) ?? [])

/** Stored candles, but for those that closed while no engine ran, and the commands, by time. */
function inputsOf({ commands, away, endMs }: JournalledRun, prepared: PreparedCandles): readonly RecordedInput[] {
  const inputs: RecordedInput[] = commands.map(({ atMs, command }) => ({ nowMs: atMs, input: { kind: 'command', command }, before: '', refused: false }))
  const merge = mergeSeries(prepared.series, prepared.startMs)
  for (let event = merge.next(endMs); event !== undefined; event = merge.next(endMs)) {
    const { atMs, candle } = event
    if (away.some(({ fromMs, toMs }) => atMs > fromMs && atMs <= toMs)) continue
    inputs.push({ nowMs: atMs, input: { kind: 'market', event: { ...event, candle: { ...candle } } }, before: '', refused: false })
  }
  return inputs.sort((a, b) => a.nowMs - b.nowMs || Number(a.input.kind === 'command') - Number(b.input.kind === 'command'))
}

/** Names the orders of a journal as a run that is made again names its own: by the candle that closed last, by the command, or by the purchase that a rule has sold. */
function keyed(orders: readonly JournalledOrder[], bots: readonly BotConfig[], inputs: readonly RecordedInput[], held: readonly string[]) {
  const actual = new Map<string, ActualOrder>()
  const entries = new Map(held.map((botId) => [botId, `${botId} held`]))
  const names = orders.map((order) => {
    const { botId, side } = order.outcome
    const entry = entries.get(botId)
    const name = free(actual, order.origin === 'exit' && entry !== undefined ? `exit of ${entry}` : `${botId} ${side} ${occasionKey(order, bots, inputs)}`)
    actual.set(name, order)
    if (side === 'buy') entries.set(botId, name)
    return name
  })
  return { actual, names }
}

function occasionKey({ origin, outcome: { botId, instrument, atMs } }: JournalledOrder, bots: readonly BotConfig[], inputs: readonly RecordedInput[]): string {
  if (origin === 'manual') return `#${inputs.findIndex(({ input, nowMs }) => input.kind === 'command' && nowMs === atMs)}`
  const { timeframeMs = 60_000 } = bots.find(({ id }) => id === botId) ?? {}
  return `${instrument} ${timeframeMs} ${(Math.floor(atMs / timeframeMs) - 1) * timeframeMs}`
}
