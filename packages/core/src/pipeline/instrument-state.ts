import { MutableMarket } from './views.ts'
import { toFloat } from '../model/money.ts'
import type { Instrument } from '../model/instrument.ts'
import type { WorkingOrder } from './pipeline-host.ts'

/** What bots that share an instrument know of each other. */
export interface InstrumentBot {
  readonly working: WorkingOrder | undefined
}

/** The kernel's slot for one instrument: last price and the bots that trade it, in config order. */
export class InstrumentState<Bot extends InstrumentBot = InstrumentBot> {
  instrument!: Instrument
  readonly market = new MutableMarket()
  readonly bots: Bot[] = []
  /** Time of the last valid message; -Infinity before the first. */
  lastMs = Number.NEGATIVE_INFINITY
  /** The feed is silent, and that was said. */
  stale = false
  /** float64 mirrors of the venue's minimums. */
  minQuote = Number.NaN
  minBase = Number.NaN

  constructor(instrument: Instrument) {
    this.take(instrument)
  }

  /** The venue's rules for it as they are from now on. */
  take(instrument: Instrument): void {
    this.instrument = instrument
    this.minQuote = toFloat(instrument.minQuote)
    this.minBase = toFloat(instrument.minBase)
  }
}
