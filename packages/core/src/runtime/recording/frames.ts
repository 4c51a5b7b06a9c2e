import { finite, unfinite } from '../../engine/canonical.ts'
import type { Input } from '../../engine/input-tap.ts'
import type { Json } from '../../model/json.ts'
import type { EpochMs } from '../../model/time.ts'
import { plain, unplain } from './plain.ts'

/** One line of a recording after the first: when, what, and what the run was like before. */
export interface Frame {
  readonly nowMs: EpochMs
  readonly input: Input
  /** Fast hash over levels and fills, and the head of the journal's chain, before the input was handled. */
  readonly before: string
}

type Numbers = number | string

/** Writes a frame as text: candles and quotes, which are nearly all of them, as short lists. */
export const frameText = ({ nowMs, input, before }: Frame): string => JSON.stringify([before, nowMs, ...inputOut(input)])

function inputOut(input: Input): readonly Json[] {
  if (input.kind !== 'market') return [input.kind, plain(input)]
  const { event } = input
  switch (event.type) {
    case 'candle': {
      const { instrument, timeframeMs, candle, closed, atMs } = event
      const { openTime, open, high, low, close, volume } = candle
      return [closed ? 'closed' : 'forming', instrument, timeframeMs, openTime, finite(open), finite(high), finite(low), finite(close), finite(volume), atMs]
    }
    case 'quote':
      return ['quote', event.instrument, finite(event.bid), finite(event.ask), event.atMs]
    case 'link':
      return ['market', plain(input)]
    default:
      return event satisfies never
  }
}

/**
 * Reads a frame.
 *
 * @throws SyntaxError or TypeError when the text is no frame: the chain of lines was right, so another release wrote it
 */
export function readFrame(text: string): Frame {
  const [before, nowMs, kind, ...rest] = JSON.parse(text) as readonly [string, EpochMs, string, ...Json[]]
  return { before, nowMs, input: inputIn(kind, rest) }
}

function inputIn(kind: string, rest: readonly Json[]): Input {
  if (kind === 'closed' || kind === 'forming') {
    const [instrument, timeframeMs, openTime, open, high, low, close, volume, atMs] = rest as readonly [
      string,
      number,
      EpochMs,
      Numbers,
      Numbers,
      Numbers,
      Numbers,
      Numbers,
      EpochMs,
    ]
    const candle = { openTime, open: unfinite(open), high: unfinite(high), low: unfinite(low), close: unfinite(close), volume: unfinite(volume) }
    return { kind: 'market', event: { type: 'candle', instrument, timeframeMs, candle, closed: kind === 'closed', atMs } }
  }
  if (kind === 'quote') {
    const [instrument, bid, ask, atMs] = rest as readonly [string, Numbers, Numbers, EpochMs]
    return { kind: 'market', event: { type: 'quote', instrument, bid: unfinite(bid), ask: unfinite(ask), atMs } }
  }
  return unplain(rest[0]!) as Input
}
