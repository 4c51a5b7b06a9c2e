import type { EventLoop } from '../../engine/event-loop.ts'
import { portfolioTotals } from '../../engine/portfolio-totals.ts'
import type { KernelSnapshot } from '../../contracts/kernel.ts'
import type { Environment } from '../../model/environment.ts'
import type { Json } from '../../model/json.ts'
import { decimalText } from '../../model/money.ts'
import type { RecordMode } from '../../model/decision.ts'
import type { Booking } from '../../ledger/lots.ts'
import type { Grading } from '../../ledger/analytics/grade.ts'
import type { BreakerSettings } from '../../safety/circuit-breakers.ts'
import { isSimulated } from '../account-side.ts'
import type { EngineSettings } from '../engine-settings.ts'
import { frameText } from './frames.ts'
import { plain } from './plain.ts'
import { LineChain } from './recording-line.ts'
import type { RecordingSink } from './recording-sink.ts'

/** The first line of a recording: everything that a run was when it had started. */
export interface RecordingHeader {
  readonly recording: 1
  readonly environment: Environment
  readonly market: string
  /** `simulated`: its answers follow from the events; `real`: they are among the events. */
  readonly exchange: 'simulated' | 'real'
  /** What the sink says of it; null when that says nothing. */
  readonly about: Json
  /** The configuration in force, every number of it. */
  readonly config: Json
  readonly configHash: string
  readonly storeId: string
  readonly journal: boolean
  readonly wall: boolean
  readonly instruments: Json
  readonly booking: Booking
  readonly grading: Grading
  readonly breakers: BreakerSettings
  readonly staleMs: number
  readonly record: RecordMode
  readonly kernel: KernelSnapshot
  /** Venue and queue. */
  readonly loop: Json
}

/** What the last line says of the whole. */
export interface RecordingEnd {
  readonly inputs: number
  readonly hash: string
  readonly journalHash: string
  /** What the account was worth, and what of it was paid in: decimal text in quote. Recordings of before drift reports do not say it. */
  readonly equity?: string
  readonly paidIn?: string
}

/** Characters of the journal's head in a frame: the whole of it stands in the last line. */
const HEAD = 12

/** What tells whether two runs are the same so far. */
export const stateOf = ({ kernel }: EventLoop): string => `${kernel.hash}.${kernel.journalHash.slice(0, HEAD)}`

/** Writes down what a run is now, and from here on everything that reaches it. */
export function recordRun(sink: RecordingSink, settings: EngineSettings, loop: EventLoop): void {
  const chain = new LineChain()
  let inputs = 0
  sink.write(chain.line(JSON.stringify(headerOf(sink, settings, loop))))
  loop.tap = (input, nowMs) => {
    if (input.kind !== 'ended') {
      inputs++
      sink.write(chain.line(frameText({ nowMs, input, before: stateOf(loop) })))
      return
    }
    const { hash, journalHash, state } = loop.kernel
    const paidIn = decimalText(state.durable.ledger.paidIn(state.settings.quoteCurrency))
    const end: RecordingEnd = { inputs, hash, journalHash, equity: portfolioTotals(loop.kernel).equity, paidIn }
    sink.write(chain.lastLine(JSON.stringify(end)))
  }
}

function headerOf(sink: RecordingSink, settings: EngineSettings, loop: EventLoop): RecordingHeader {
  const { kernel } = loop
  const simulated = isSimulated(settings.exchange)
  const own = kernel.state.settings
  return {
    recording: 1,
    environment: settings.environment,
    market: settings.market.id,
    exchange: simulated ? 'simulated' : 'real',
    about: sink.about ?? null,
    config: settings.config,
    configHash: own.configHash,
    storeId: own.storeId,
    journal: kernel.state.journal !== undefined,
    wall: loop.wall,
    instruments: plain([...kernel.state.instruments.values()].map(({ instrument }) => instrument)),
    booking: settings.booking,
    grading: settings.grading,
    breakers: settings.breakers,
    staleMs: settings.staleMs,
    record: settings.record,
    kernel: kernel.snapshot(),
    // A real venue is as it is: what it says comes as events.
    loop: plain(simulated ? loop.snapshot() : { venue: null, ahead: loop.lyingAhead() }),
  }
}
