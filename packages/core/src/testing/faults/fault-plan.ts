import { randomStream } from '../../simulation/simulated-market/random.ts'
import type { RandomStream } from '../../simulation/simulated-market/random.ts'

/** Everything that can go wrong between an engine and a venue, by name. */
export const faultKinds = [
  'lostRequest',
  'lostReply',
  'lateReply',
  'errorBefore',
  'errorAfter',
  'unreadable',
  'rateLimited',
  'refused',
  'queryError',
  'orderLag',
  'fillLag',
  'partialFills',
  'emptyList',
  'incompleteList',
  'cancelRace',
  'duplicateEvent',
  'droppedEvent',
  'reorderedEvent',
  'linkDown',
  'manualTrade',
  'deposit',
  'withdrawal',
  'lateCandles',
  'crash',
] as const

/** One kind of fault. */
export type FaultKind = (typeof faultKinds)[number]
/** How often each kind happens when it could: 0 never, 1 always. Kinds left out never happen. */
export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>

/** Rates at which a run of some minutes meets several faults and still gets its orders done. */
export const harshFaults: FaultRates = {
  lostRequest: 0.08,
  lostReply: 0.1,
  lateReply: 0.05,
  errorBefore: 0.05,
  errorAfter: 0.06,
  unreadable: 0.04,
  rateLimited: 0.04,
  refused: 0.04,
  queryError: 0.08,
  orderLag: 0.3,
  fillLag: 0.4,
  partialFills: 0.5,
  emptyList: 0.1,
  incompleteList: 0.08,
  cancelRace: 0.3,
  duplicateEvent: 0.2,
  droppedEvent: 0.2,
  reorderedEvent: 0.2,
  linkDown: 0.03,
  manualTrade: 0.02,
  deposit: 0.02,
  withdrawal: 0.01,
  lateCandles: 0.03,
  crash: 0.01,
}

/** Draws faults by a seed and counts those that happened. Each kind has random numbers of its own: without one kind the others come as before. */
export class FaultPlan {
  readonly counts: Partial<Record<FaultKind, number>> = {}
  private readonly rates: FaultRates
  private readonly seed: number
  private readonly streams = new Map<FaultKind, RandomStream>()
  private readonly times: RandomStream
  private active = true

  constructor(seed: number, rates: FaultRates) {
    this.seed = seed
    this.rates = rates
    this.times = randomStream(seed, 'fault times', 0)
  }

  /** Draws whether a fault happens now. */
  hit(kind: FaultKind): boolean {
    const rate = this.rates[kind] ?? 0
    if (rate === 0 || !this.active || this.streamOf(kind).uniform() >= rate) return false
    this.counts[kind] = (this.counts[kind] ?? 0) + 1
    return true
  }

  /** A number of ms between two limits. */
  between(fromMs: number, toMs: number): number {
    return fromMs + Math.floor(this.times.uniform() * (toMs - fromMs))
  }

  private streamOf(kind: FaultKind): RandomStream {
    const known = this.streams.get(kind)
    if (known !== undefined) return known
    const stream = randomStream(this.seed, `fault ${kind}`, 0)
    this.streams.set(kind, stream)
    return stream
  }

  /** From here on nothing goes wrong any more. */
  end(): void {
    this.active = false
  }
}
