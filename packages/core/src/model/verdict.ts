import type { EpochMs } from './time.ts'

/** What one safety rule said of one intent. `margin`: distance to the limit in the rule's unit, negative = exceeded; `maxQuoteAmount`: what it lets pass, in quote. */
export type Verdict =
  | { readonly ruleId: string; readonly kind: 'allow'; readonly margin: number }
  | {
      readonly ruleId: string
      readonly kind: 'reduce'
      readonly code: string
      readonly margin: number
      readonly maxQuoteAmount: number
      readonly detail: string
    }
  | { readonly ruleId: string; readonly kind: 'deny'; readonly code: string; readonly margin: number; readonly untilMs?: EpochMs; readonly detail: string }
