import type { CandleEvent, Command } from '../../contracts/events.ts'
import type { Input } from '../../engine/input-tap.ts'
import type { EpochMs } from '../../model/time.ts'
import { mergeSeries } from '../../backtest/merge-series.ts'
import type { PreparedCandles } from '../../backtest/prepare-candles.ts'
import type { BotConfig } from '../../contracts/bot-config.ts'
import { holds } from './causes.ts'
import type { Step } from './causes.ts'
import type { RecordedRun } from './recorded-run.ts'
import type { Occasion } from './run-watch.ts'

/** One input of a run that is made again, with the name its event has in every run. */
export interface Entry extends Occasion {
  readonly input: Input
  readonly refused: boolean
}

/** What a run is made of: the candles in store, and what the recorded one was given. */
export interface Sources {
  readonly bots: readonly BotConfig[]
  readonly recorded: RecordedRun
  readonly prepared: PreparedCandles
}

/** The inputs of the run of a step, in order; an entry is valid until the next one is asked for. */
export function scriptOf(step: Step, sources: Sources): Iterable<Entry> {
  if (!holds(step, 'data')) return stored(sources)
  const own = recordedEntries(step, sources)
  return holds(step, 'evaluations') ? own : merged(own, stored(sources, missed(sources)))
}

const candleKey = ({ instrument, timeframeMs, candle }: CandleEvent): string => `${instrument} ${timeframeMs} ${candle.openTime}`

/** Names an input: a closed candle by what it is, another event or a command by its place in the recording; answers and time make no event that another run has as well. */
export function occasionOf(input: Input, nowMs: EpochMs, place: number): Occasion {
  if (input.kind === 'market' && input.event.type !== 'link') {
    const { event } = input
    return { key: event.type === 'candle' && event.closed ? candleKey(event) : `#${place}`, atMs: event.atMs, nowMs }
  }
  return { key: input.kind === 'command' ? `#${place}` : undefined, atMs: nowMs, nowMs }
}

function* stored({ prepared, recorded }: Sources, wanted: (event: CandleEvent) => boolean = () => true): Generator<Entry> {
  const merge = mergeSeries(prepared.series, prepared.startMs)
  for (let event = merge.next(recorded.endMs); event !== undefined; event = merge.next(recorded.endMs)) {
    if (!wanted(event)) continue
    yield { key: candleKey(event), atMs: event.atMs, nowMs: event.atMs, input: { kind: 'market', event }, refused: false }
  }
}

/** Tells the candles that the recorded run could have had and did not: of the timeframes it had, and those its bots trade. Finer ones were never its. */
function missed({ bots, recorded }: Sources): (event: CandleEvent) => boolean {
  const had = new Set<string>()
  const series = new Set(bots.map(({ instrument, timeframeMs }) => `${instrument} ${timeframeMs}`))
  for (const { input } of recorded.inputs) {
    if (input.kind !== 'market' || input.event.type !== 'candle' || !input.event.closed) continue
    had.add(candleKey(input.event))
    series.add(`${input.event.instrument} ${input.event.timeframeMs}`)
  }
  return (event) => series.has(`${event.instrument} ${event.timeframeMs}`) && !had.has(candleKey(event))
}

function* recordedEntries(step: Step, { recorded }: Sources): Generator<Entry> {
  for (const place of placesOf(step, recorded)) {
    const { input, nowMs, refused } = recorded.inputs[place]!
    const taken = takenAt(step, input)
    if (taken === undefined) continue
    const occasion = occasionOf(taken, nowMs, place)
    yield {
      ...occasion,
      nowMs: holds(step, 'timing') ? nowMs : ownTime(occasion, recorded),
      input: taken,
      refused: refused && holds(step, 'evaluations'),
    }
  }
}

/** Where nothing comes late, what happened first comes first. */
function placesOf(step: Step, recorded: RecordedRun): Iterable<number> {
  const { inputs } = recorded
  if (holds(step, 'timing')) return inputs.keys()
  const times = inputs.map(({ input, nowMs }, place) => ownTime(occasionOf(input, nowMs, place), recorded))
  return [...inputs.keys()].sort((a, b) => times[a]! - times[b]!)
}

const ownTime = ({ atMs }: Occasion, { startMs }: RecordedRun): EpochMs => Math.max(atMs, startMs) as EpochMs

/** What of an input a step puts in; undefined for nothing. */
function takenAt(step: Step, input: Input): Input | undefined {
  switch (input.kind) {
    case 'market':
      return input.event.type === 'link' && !holds(step, 'evaluations') ? undefined : input
    case 'advance':
      return holds(step, 'timing') ? input : undefined
    case 'command':
      return holds(step, moves(input.command) ? 'state' : 'evaluations') ? input : undefined
    case 'link':
    case 'warning':
    case 'reconciled':
      return holds(step, 'evaluations') ? input : undefined
    case 'outside':
      return outsideAt(step, input)
    case 'end':
    case 'ended':
    case 'refused':
    case 'probe':
      return undefined
    default:
      return input satisfies never
  }
}

/** Commands that trade or move money are state; the others say what may be evaluated. */
const moves = ({ kind }: Command): boolean => kind === 'deposit' || kind === 'withdraw' || kind === 'trade' || kind === 'flatten'

/** Answers of a real venue come with its quantities; of a comparison of the books, only what it opens and shuts is no state. */
function outsideAt(step: Step, input: Extract<Input, { kind: 'outside' }>): Input | undefined {
  const { event } = input
  if (event.type === 'order') return holds(step, 'quantity') ? input : undefined
  if (!holds(step, 'evaluations')) return undefined
  if (event.event.kind !== 'reconciled') return input
  const { trigger, opens } = event.event.result
  const result = { trigger, differences: [], corrections: [], ...(opens === undefined ? {} : { opens }) }
  return { kind: 'outside', event: { type: 'account', event: { kind: 'reconciled', result } } }
}

/** Both in one order by time; where they meet, by instrument and timeframe, as a backtest plays them. */
function* merged(own: Iterator<Entry>, others: Iterable<Entry>): Generator<Entry> {
  let next = own.next()
  for (const other of others) {
    for (; next.done !== true && !before(other, next.value); next = own.next()) yield next.value
    yield other
  }
  for (; next.done !== true; next = own.next()) yield next.value
}

function before(a: Entry, b: Entry): boolean {
  if (a.nowMs !== b.nowMs) return a.nowMs < b.nowMs
  const [one, other] = [a.input, b.input]
  if (one.kind !== 'market' || other.kind !== 'market' || one.event.type !== 'candle' || other.event.type !== 'candle') return true
  if (one.event.instrument !== other.event.instrument) return one.event.instrument < other.event.instrument
  return one.event.timeframeMs <= other.event.timeframeMs
}
