import type { AccountEvent, Command, LinkEvent, MarketEvent, OrderEvent } from '../contracts/events.ts'
import type { EpochMs } from '../model/time.ts'

/** Everything that reaches the event loop from outside: with the state at the start it determines a run. */
export type Input =
  | { readonly kind: 'market'; readonly event: MarketEvent }
  | { readonly kind: 'command'; readonly command: Command }
  | {
      readonly kind: 'outside'
      readonly event: { readonly type: 'order'; readonly event: OrderEvent } | { readonly type: 'account'; readonly event: AccountEvent }
    }
  | { readonly kind: 'link'; readonly event: LinkEvent }
  | { readonly kind: 'probe'; readonly clientOrderId: string }
  | { readonly kind: 'reconciled'; readonly trigger: 'rearm' }
  | { readonly kind: 'warning'; readonly code: string; readonly detail: string }
  /** Time went on without an event. */
  | { readonly kind: 'advance' }
  /** While the input before it was handled, the store or another process kept an order from leaving. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'end' }
  /** Everything is written: the last thing told. */
  | { readonly kind: 'ended' }

/** Told each input with its time, before it is handled; what it is given is valid during the call only. */
export type InputTap = (input: Input, nowMs: EpochMs) => void
