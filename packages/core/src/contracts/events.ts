import type { Decimal } from 'decimal.js'
import type { Candle } from '../model/candle.ts'
import type { VenueFill } from '../model/fill.ts'
import type { Json } from '../model/json.ts'
import type { Instrument } from '../model/instrument.ts'
import type { OrderRef, OrderReport, OrderRequest, VenueTerms } from '../model/order.ts'
import type { EpochMs } from '../model/time.ts'
import type { TradeWish } from './trade-wish.ts'

/** What an exchange says of orders: a cumulative report, or one execution. */
export type OrderEvent = { readonly type: 'report'; readonly report: OrderReport } | { readonly type: 'fill'; readonly fill: VenueFill }

type LimitValue = number | string | boolean

/** Tighter limits: by rule id and parameter, of the account and of bots. */
export interface LimitsPatch {
  readonly account?: Readonly<Record<string, Readonly<Record<string, LimitValue>>>> | undefined
  readonly bots?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, LimitValue>>>>>> | undefined
}

/**
 * What a program can act on in news of a connection. `keyRefused`: the key was not taken, twice in a row; `keyForbidden`: the key may not do what was asked;
 * `unreadable`: a message was dropped; `unknownValue`: the venue said a word that nobody here knows.
 */
export type LinkCode = 'keyRefused' | 'keyForbidden' | 'unreadable' | 'unknownValue'

/** What a connection to a venue or a feed says of itself. */
export type LinkEvent =
  | {
      /** `gap`: messages were missed; `down`: connection lost; `error`: a request failed; `rateLimited`: the venue asks for fewer (HTTP 429);
       * `revised`: the venue tells a closed candle otherwise now, and decisions already made stand. */
      readonly type: 'ready' | 'gap' | 'down' | 'error' | 'rateLimited' | 'revised'
      readonly detail: string
      readonly code?: LinkCode
    }
  /** The clocks were compared: ours minus the venue's. */
  | { readonly type: 'clock'; readonly detail: string; readonly skewMs: number }

/** What a comparison of our books with the venue's account found. */
export interface Reconciliation {
  /** Why it was made: `start`, `reconnect`, `gap`, `timer`, `rearm`, … */
  readonly trigger: string
  /** In words, one each; empty when both agree. */
  readonly differences: readonly string[]
  /** Money or coins that came (> 0) or went (< 0) at the venue without an order of ours: booked as paid in or out, never as P&L. */
  readonly corrections: readonly { readonly currency: string; readonly amount: Decimal }[]
  /** What our bots hold by our books and the venue does not have: trading halts until a person has looked. */
  readonly mismatch?: string
  /** From where the venue's fills are read again after a restart. */
  readonly fillsCursor?: string
  /** False: something shut the gate after this comparison had begun; the next one opens it. */
  readonly opens?: boolean
}

/** What the venue's side of a live account tells. */
export type AccountEvent =
  /** Nothing leaves until a reconciliation has succeeded. */
  | { readonly kind: 'gateShut'; readonly reason: string; /** The run ends: nothing is wrong. */ readonly ending?: true }
  | { readonly kind: 'reconciled'; readonly result: Reconciliation }
  /**
   * The venue has orders of ours up to this number that have not left by the journal: it is an older copy, and nothing beside it said so. `sinceMs`: the end of what there is.
   */
  | { readonly kind: 'olderCopy'; readonly intentNo: number; readonly sinceMs: EpochMs }
  /** An order of ours that the journal lost with its end, as the venue tells it. */
  | { readonly kind: 'lostOrder'; readonly botId: string; readonly intentNo: number; readonly report: OrderReport & { readonly terms: VenueTerms } }
  /** Something about an order that a person must know: it works at the venue although it is finished here, or its fills do not come. */
  | { readonly kind: 'alarm'; readonly code: 'ORDER_STRAY' | 'ORDER_UNSETTLED' | 'ORDER_NOT_RECOVERED'; readonly detail: string; readonly botId: string }
  /** The venue's list of products as it is now: increments, minimums and states change. */
  | { readonly kind: 'instruments'; readonly instruments: readonly Instrument[] }

/** A closed candle of the past: open time, open, high, low, close, volume. */
export type CandleRow = readonly [openTime: number, open: number, high: number, low: number, close: number, volume: number]

/** Adds a bot, or replaces settings of one, while it runs. */
export interface BotChangeCommand {
  readonly kind: 'addBot' | 'editBot'
  readonly botId: string
  /** As in a configuration file: the whole bot to add one, only what is to be another to edit one. */
  readonly settings: Json
  /** Candles that warm it up: what it was given is a part of what happened. */
  readonly history: readonly CandleRow[]
}

/** What a person or program may ask of the kernel. Without a bot id: of all bots. */
export type Command =
  | { readonly kind: 'pause' | 'resume' | 'flatten'; readonly botId?: string }
  /** Closes the gate durably; `cancelOpenOrders` also cancels what works. */
  | { readonly kind: 'emergencyStop'; readonly cancelOpenOrders: boolean; readonly reason: string }
  | { readonly kind: 'rearm' }
  /** A person's trade: an intent like any other, but without confirmation. */
  | ({ readonly kind: 'trade' } & TradeWish)
  /** Resets a tripped breaker that reduces. */
  | { readonly kind: 'resetBreaker'; readonly breaker: string }
  /** Tightens limits while running; they loosen only at a restart. */
  | { readonly kind: 'patchLimits'; readonly patch: LimitsPatch }
  | BotChangeCommand
  /** Money that came in or goes out, as decimal text: never P&L. */
  | { readonly kind: 'deposit' | 'withdraw'; readonly currency: string; readonly amount: string; readonly reason: string }

/** A candle. `atMs` is the time it was known: its end when closed, the venue's time of the update while it forms. */
export interface CandleEvent {
  readonly type: 'candle'
  readonly instrument: string
  readonly timeframeMs: number
  readonly candle: Candle
  readonly closed: boolean
  readonly atMs: EpochMs
}

/** Best bid and ask of an instrument, in quote currency, at a moment in ms. */
export interface QuoteEvent {
  readonly type: 'quote'
  readonly instrument: string
  /** Best prices of both sides, quote units for one base unit, above 0; `bid` <= `ask`. */
  readonly bid: number
  readonly ask: number
  readonly atMs: EpochMs
}

/** Everything that may happen to the kernel: one closed union, handled one at a time in total order. */
export type KernelEvent =
  | CandleEvent
  | QuoteEvent
  | { readonly type: 'order'; readonly event: OrderEvent }
  | { readonly type: 'timer'; readonly atMs: EpochMs }
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'link'; readonly event: LinkEvent; readonly atMs: EpochMs }
  | { readonly type: 'account'; readonly event: AccountEvent }

/** What a market source emits: candles, quotes and news of its connection. */
export type MarketEvent = Extract<KernelEvent, { type: 'candle' | 'quote' | 'link' }>

/** What the kernel asks the world to do, after the journal holds the reason. */
export type Effect =
  /** `trigger`: the price at which an exit rule fired inside the closed candle just seen (its open when that was worse); only a simulated venue in a candle-only run reads it. */
  | { readonly type: 'submit'; readonly request: OrderRequest; readonly trigger?: number }
  | { readonly type: 'cancel'; readonly order: OrderRef }
  | { readonly type: 'wakeAt'; readonly atMs: EpochMs }
