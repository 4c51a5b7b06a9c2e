import type { BotConfig } from '../../contracts/bot-config.ts'
import type { SimulatedExchange } from '../../contracts/exchange.ts'
import type { SafetyRule } from '../../contracts/safety-rule.ts'
import { EventLoop } from '../../engine/event-loop.ts'
import type { LoopSnapshot, OrderSide } from '../../engine/event-loop.ts'
import type { Input } from '../../engine/input-tap.ts'
import { TradingKernel } from '../../engine/kernel.ts'
import type { EpochMs } from '../../model/time.ts'
import { currenciesOf } from '../../model/instrument.ts'
import type { Instrument } from '../../model/instrument.ts'
import type { Json } from '../../model/json.ts'
import { strictSafety } from '../../safety/strict-safety.ts'
import { readFrame } from './frames.ts'
import type { Frame } from './frames.ts'
import { unplain } from './plain.ts'
import { stateOf } from './record-run.ts'
import type { RecordingEnd, RecordingHeader } from './record-run.ts'
import { LineChain } from './recording-line.ts'

/** What a recording is run again with: the same plugins, which no file can hold. */
export interface ReplayOptions {
  readonly bots: readonly BotConfig[]
  /** Rules of the account; `strictSafety()` when left out. */
  readonly safety?: readonly (SafetyRule | readonly SafetyRule[])[]
  /** Fills orders as the recorded run's did. Left out for a real exchange: what it said is in the recording. */
  readonly exchange?: SimulatedExchange
}

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
}

/**
 * Reads the first line of a recording.
 *
 * @throws RangeError when it is no recording, or one of another version, or its first line was changed
 * @example
 * ```ts
 * recordingHeader('not a recording') // => throws expected the first line of a recording
 * ```
 */
export const recordingHeader = (line: string): RecordingHeader => readHeader(new LineChain(), line)

function readHeader(chain: LineChain, line: string): RecordingHeader {
  const text = chain.read(line)
  const header = text === undefined ? undefined : (JSON.parse(text) as RecordingHeader)
  const version: unknown = header?.recording
  if (header === undefined || version !== 1)
    throw new RangeError(
      `expected the first line of a recording of version 1, received ${header === undefined ? JSON.stringify(line.slice(0, 40)) : `version ${String(version)}`}`,
    )
  return header
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
  const reader = new Reader(lines)
  const { loop, refuse } = openLoop(reader.header, options)
  let inputs = 0
  let differs: ReplayReport['differs']
  for (let frame = reader.next(); frame !== undefined && differs === undefined; frame = reader.next()) {
    const state = stateOf(loop)
    if (state === frame.before) {
      inputs++
      refuse.next = reader.takeRefused()
      apply(loop, frame.input, frame.nowMs)
    } else differs = { input: inputs, ...reader.previous, expected: frame.before, received: state }
  }
  const { hash, journalHash } = loop.kernel
  const { end } = reader
  if (differs === undefined && end !== undefined && (end.journalHash !== journalHash || end.hash !== hash))
    differs = { input: inputs, ...reader.last, expected: `${end.hash}.${end.journalHash}`, received: `${hash}.${journalHash}` }
  return { inputs, hash, journalHash, complete: end !== undefined, damaged: reader.damaged, differs }
}

/** A frame and where it stands. */
interface Read {
  readonly frame: Frame
  readonly line: number
}

/** Goes through the frames; stops at the last line, at a damaged one, or where the recording was cut off. */
class Reader {
  readonly header: RecordingHeader
  end: RecordingEnd | undefined
  damaged: { readonly line: number } | undefined
  /** The input given out last, and the one before it. */
  last = { what: 'the start', line: 1 }
  previous = this.last
  private line = 1
  private readonly chain = new LineChain()
  private readonly lines: Iterator<string>
  private ahead: Read | undefined

  constructor(lines: Iterable<string>) {
    this.lines = lines[Symbol.iterator]()
    const first = this.lines.next()
    this.header = readHeader(this.chain, first.done === true ? '' : first.value)
  }

  next(): Frame | undefined {
    const read = this.ahead ?? this.pull()
    this.ahead = undefined
    this.previous = this.last
    if (read !== undefined) this.last = { what: nameOf(read.frame), line: read.line }
    return read?.frame
  }

  /** True when the next line says that an order was kept back while this input was handled; it is then taken. */
  takeRefused(): boolean {
    this.ahead = this.pull()
    if (this.ahead?.frame.input.kind !== 'refused') return false
    this.ahead = undefined
    return true
  }

  private pull(): Read | undefined {
    if (this.end !== undefined || this.damaged !== undefined) return undefined
    const next = this.lines.next()
    if (next.done === true) return undefined
    this.line++
    const text = this.chain.read(next.value)
    if (text === undefined) {
      this.damaged = { line: this.line }
      return undefined
    }
    if (text.startsWith('[')) return { frame: readFrame(text), line: this.line }
    this.end = JSON.parse(text) as RecordingEnd
    return undefined
  }
}

function nameOf({ input, nowMs }: Frame): string {
  const what = input.kind === 'market' && 'instrument' in input.event ? `${input.event.type} ${input.event.instrument}` : input.kind
  return `${what} at ${nowMs}`
}

/** Answers nothing: what a real venue said is among the inputs. */
const silent: OrderSide = { apply: () => [], snapshot: () => null, restore: () => undefined }

function openLoop(header: RecordingHeader, options: ReplayOptions): { readonly loop: EventLoop; readonly refuse: { next: boolean } } {
  const instruments = unplain(header.instruments) as readonly Instrument[]
  const kernel = new TradingKernel({
    environment: header.environment,
    bots: options.bots,
    quoteCurrency: currenciesOf(options.bots[0]!.instrument).quote,
    accountSafety: (options.safety ?? [strictSafety()]).flat(),
    storeId: header.storeId,
    configHash: header.configHash,
    booking: header.booking,
    grading: header.grading,
    record: header.record,
    staleMs: header.staleMs,
    breakers: header.breakers,
    instruments,
    journal: header.journal,
  })
  if (header.exchange === 'simulated' && options.exchange === undefined)
    throw new RangeError('expected the simulated exchange that the recorded run had, received none')
  const refuse = { next: false }
  const loop = new EventLoop(kernel, header.exchange === 'real' ? silent : options.exchange!.replica(instruments), {
    commit(_entries, sending) {
      const refused = sending && refuse.next
      if (refused) refuse.next = false
      return !refused
    },
  })
  loop.wall = header.wall
  kernel.restore(header.kernel)
  loop.restore(unplain(header.loop as Json) as LoopSnapshot)
  return { loop, refuse }
}

function apply(loop: EventLoop, input: Input, nowMs: EpochMs): void {
  switch (input.kind) {
    case 'market':
      return loop.market(input.event, nowMs)
    case 'command':
      return loop.command(input.command, nowMs)
    case 'outside':
      return loop.outside(input.event, nowMs)
    case 'link':
      return loop.link(input.event, nowMs)
    case 'probe':
      return void loop.probe(loop.kernel.state.durable.orders.get(input.clientOrderId)!, nowMs)
    case 'reconciled':
      return loop.reconciled(input.trigger, nowMs)
    case 'warning':
      return loop.warn(input.code, input.detail, nowMs)
    case 'advance':
      return loop.advance(nowMs)
    case 'end':
      return loop.end()
    case 'refused':
    case 'ended':
      return
    default:
      return input satisfies never
  }
}
