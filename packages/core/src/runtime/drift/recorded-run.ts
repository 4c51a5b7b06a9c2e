import type { Input } from '../../engine/input-tap.ts'
import type { Decimal } from 'decimal.js'
import { fromEstimate } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'
import { RecordingReader } from '../recording/recording-reader.ts'
import type { RecordingEnd, RecordingHeader } from '../recording/record-run.ts'

/** One input of a recorded run, in its place. */
export interface RecordedInput {
  readonly nowMs: EpochMs
  readonly input: Input
  /** What the run was like before it. */
  readonly before: string
  /** While it was handled, an order was kept back. */
  readonly refused: boolean
}

/** A recording as read. */
export interface RecordedRun {
  readonly header: RecordingHeader
  readonly inputs: readonly RecordedInput[]
  /** Undefined when the recording was cut off. */
  readonly end: RecordingEnd | undefined
  readonly startMs: EpochMs
  readonly endMs: EpochMs
}

/**
 * Reads a whole recording.
 *
 * @throws RangeError when it is none, a line of it was changed, or nothing happened in it
 */
export function readRecordedRun(lines: Iterable<string>): RecordedRun {
  const reader = new RecordingReader(lines)
  const inputs: RecordedInput[] = []
  for (let frame = reader.next(); frame !== undefined; frame = reader.next()) inputs.push({ ...frame, refused: reader.takeRefused() })
  const { header, end, damaged } = reader
  if (damaged !== undefined) throw new RangeError(`recording, line ${damaged.line}: expected what was written there, received something else`)
  if (inputs.length === 0) throw new RangeError('recording: expected at least one event, received none')
  const startMs = (header.kernel.portfolio as { readonly nowMs: EpochMs }).nowMs
  return { header, inputs, end, startMs, endMs: inputs.reduce((latest, { nowMs }) => (nowMs > latest ? nowMs : latest), startMs) }
}

/** The first price of each instrument that the run saw: what it held before its first price was worth that. */
export function firstPrices({ inputs }: RecordedRun): ReadonlyMap<string, Decimal> {
  const prices = new Map<string, Decimal>()
  for (const { input } of inputs) {
    if (input.kind !== 'market' || input.event.type === 'link' || prices.has(input.event.instrument)) continue
    const { event } = input
    const price = event.type === 'quote' ? event.bid : event.candle.open
    if (price > 0) prices.set(event.instrument, fromEstimate(price))
  }
  return prices
}
