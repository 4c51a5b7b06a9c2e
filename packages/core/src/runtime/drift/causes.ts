/**
 * Why a run went otherwise than its backtest, in the order in which one is put in the other's place. The order is fixed: what a later cause would have done alone
 * may already lie in an earlier one.
 */
export const driftCauses = ['data', 'timing', 'evaluations', 'fillPrice', 'quantity', 'fee', 'state'] as const

/** One of the seven causes of drift. */
export type DriftCause = (typeof driftCauses)[number]

/** What each cause is called, and what its step puts in. */
export const causeTexts: Readonly<Record<DriftCause, { readonly name: string; readonly text: string }>> = {
  data: { name: 'data', text: 'candles and quotes as the run saw them, updates inside a candle too' },
  timing: { name: 'timing', text: 'each of them when it came' },
  evaluations: {
    name: 'evaluation set',
    text: 'only the evaluations that took place: missed candles, pauses, gates, halts, limits and bots that were changed',
  },
  fillPrice: { name: 'fill price', text: 'what each order of the run was filled at' },
  quantity: { name: 'quantity', text: 'how much of it was filled, in how many parts, and when it was told' },
  fee: { name: 'fee', text: 'what was paid for it' },
  state: { name: 'state', text: 'what was there at the start, money that came or went, and trades by hand' },
}

/** Steps of the substitution: so many causes are put in. 0 is the backtest, 7 the run itself. */
export type Step = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7

/** True when a cause is put in at a step. */
export const holds = (step: Step, cause: DriftCause): boolean => step > driftCauses.indexOf(cause)
