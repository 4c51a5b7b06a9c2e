import type { Analytics } from '../../contracts/analytics.ts'
import { analyticsOf } from '../../engine/analytics.ts'
import { openLoop, applyInput } from './replay-loop.ts'
import type { ReplayOptions } from './replay-loop.ts'
import { stateOf } from './record-run.ts'
import { RecordingReader } from './recording-reader.ts'

/** What came of running a recording again. */
export interface ReplayReport {
  /** Inputs that were handled again. */
  readonly inputs: number
  readonly hash: string
  readonly journalHash: string
  /** True when the recording has its last line: the run ended, and was not cut off. */
  readonly complete: boolean
  /** The first line that is not what was written there; undefined when every line is. */
  readonly damaged: { readonly line: number } | undefined
  /** The first input after which the second run was another one; undefined when it never was. */
  readonly differs: { readonly input: number; readonly line: number; readonly what: string; readonly expected: string; readonly received: string } | undefined
  /** Everything that came of the trading up to where the second run ended. */
  analytics(): Analytics
}

/**
 * Runs a recording again: the same state at the start, the same inputs at the same times. It is held against the recording before every input, so the first event after which
 * something was decided, filled or written otherwise is named; and every line against the chain of hashes, so a changed byte is.
 *
 * @param lines - of the recording, without their ends
 * @throws RangeError when the first line is no recording's; EngineError `STORE_MISMATCH` when bots or venue are others than those of the run
 * @example
 * ```ts
 * const lines: string[] = []
 * const bots = [bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy: weightedSignals() })]
 * const exchange = () => paper({ cash: { USD: '1000' } })
 * const engine = createEngine({
 *   market: simulatedMarket({ seed: 7, until: '1h', speed: 'max', instruments: ['BTC-USD'] }),
 *   exchange: exchange(),
 *   bots,
 *   environment: 'backtest',
 *   recording: { write: (line) => lines.push(line), close: () => undefined },
 * })
 * await engine.start()
 * await engine.finished
 * const { complete, differs, damaged } = replayRecording(lines, { bots, exchange: exchange() })
 * complete // => true
 * differs ?? damaged // => undefined
 * ```
 */
export function replayRecording(lines: Iterable<string>, options: ReplayOptions): ReplayReport {
  const reader = new RecordingReader(lines)
  const { loop, refuse } = openLoop(reader.header, options)
  let inputs = 0
  let differs: ReplayReport['differs']
  for (let frame = reader.next(); frame !== undefined && differs === undefined; frame = reader.next()) {
    const state = stateOf(loop)
    if (state === frame.before) {
      inputs++
      refuse.next = reader.takeRefused()
      applyInput(loop, frame.input, frame.nowMs)
    } else differs = { input: inputs, ...reader.previous, expected: frame.before, received: state }
  }
  const { hash, journalHash } = loop.kernel
  const { end } = reader
  if (differs === undefined && end !== undefined && (end.journalHash !== journalHash || end.hash !== hash))
    differs = { input: inputs, ...reader.last, expected: `${end.hash}.${end.journalHash}`, received: `${hash}.${journalHash}` }
  return { inputs, hash, journalHash, complete: end !== undefined, damaged: reader.damaged, differs, analytics: () => analyticsOf(loop.kernel) }
}
