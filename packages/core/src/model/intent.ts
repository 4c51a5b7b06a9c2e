import type { Brand } from './brand.ts'
import type { Side } from './order.ts'

/**
 * A sized wish, before the safety rules. The kernel reuses one object per bot; amounts are float64, rounded to the
 * venue's Decimal steps in order translation and nowhere else.
 */
export interface Intent {
  readonly kind: 'open' | 'add' | 'reduce' | 'close'
  readonly origin: 'strategy' | 'exit' | 'manual'
  readonly side: Side
  /** Entries: quote amount that leaves, fee included. Exits: 0. */
  readonly quoteAmount: number
  /** Exits: share of the position to sell, 0..1. Entries: 0. */
  readonly baseFraction: number
  /** The exit rule or strategy that asked. */
  readonly source: string
  /** True for the rest of an entry that was filled in part: the rules that space or count entries have let it in already. */
  readonly rest?: boolean
}

/** An intent that every safety rule has seen. Only `judge()` makes one; order translation takes nothing else. */
export type ApprovedIntent = Brand<Intent, 'ApprovedIntent'>
