import type { Json } from '../model/json.ts'
import { finite, unfinite } from './canonical.ts'
import type { EntryData } from './journal/entry-data.ts'

/**
 * Extremes that prices made and no fill tells: the highest equity, the deepest fall, the largest losses of the day. The running kernel moves its own with every
 * price and writes them down now and then; the fold of the journal has another set, as they were written last.
 */
export class Marks {
  /** -Infinity before the first price. Moves with deposits. */
  peakEquity = Number.NEGATIVE_INFINITY
  /** Quote, of all runs. */
  maxDrawdown = 0
  /** Of the account, this UTC day. */
  dayPeakLoss = 0
  /** Quote paid in so far, when `peakEquity` was taken. */
  deposited = 0
  /** Largest loss of this UTC day by bot. */
  readonly botPeakLoss = new Map<string, number>()
  /** Unrealised P&L at the start of this UTC day by bot. */
  readonly botBaseline = new Map<string, number>()

  apply(data: EntryData['marks']): void {
    this.peakEquity = unfinite(data.peakEquity)
    this.maxDrawdown = unfinite(data.maxDrawdown)
    this.dayPeakLoss = unfinite(data.dayPeakLoss)
    this.deposited = unfinite(data.deposited)
    this.botPeakLoss.clear()
    for (const [id, loss] of Object.entries(data.bots)) this.botPeakLoss.set(id, unfinite(loss))
  }

  data(): EntryData['marks'] {
    return {
      peakEquity: finite(this.peakEquity) as EntryData['marks']['peakEquity'],
      maxDrawdown: this.maxDrawdown,
      dayPeakLoss: this.dayPeakLoss,
      deposited: this.deposited,
      bots: Object.fromEntries([...this.botPeakLoss].filter(([, loss]) => loss > 0)),
    }
  }

  /** A new UTC day: losses are measured from here. */
  rollDay(baselines: Readonly<Record<string, number | string>> = {}): void {
    this.dayPeakLoss = 0
    this.botPeakLoss.clear()
    this.botBaseline.clear()
    for (const [id, unrealized] of Object.entries(baselines)) this.botBaseline.set(id, unfinite(unrealized))
  }

  /** What one bot has lost today counts for the one that goes on for it. */
  adopt(from: string, to: string): void {
    for (const marks of [this.botPeakLoss, this.botBaseline]) {
      const mark = marks.get(from)
      if (mark !== undefined) marks.set(to, mark)
      marks.delete(from)
    }
  }

  snapshot(): Json {
    return { ...this.data(), baselines: Object.fromEntries(this.botBaseline) }
  }

  restore(state: Json): void {
    const { baselines, ...data } = state as unknown as EntryData['marks'] & { readonly baselines: Readonly<Record<string, number>> }
    this.rollDay(baselines)
    this.apply(data)
  }
}
