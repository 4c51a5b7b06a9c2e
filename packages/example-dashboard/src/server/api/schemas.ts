import type {
  Alert,
  BotState,
  Change,
  Decision,
  EngineState,
  FillRecord,
  OrderRecord,
  PositionRecord,
  ReadinessBlocker,
  TradePlan,
  Verdict,
} from '@millrace/core'
import { z } from 'zod'
import type { Wire } from '../wire.ts'
import { botId, count, decimal, environment, ms, orderState, outcome, side, temperature, tradingState } from './schema-parts.ts'

// Each is held by its type against the engine's own records: a member that is added or renamed there does not compile here.

export const order = z
  .strictObject({
    client_order_id: z.string(),
    venue_order_id: z.string().nullable(),
    bot_id: botId,
    instrument: z.string(),
    side,
    kind: z.enum(['open', 'add', 'reduce', 'close']),
    origin: z.enum(['strategy', 'exit', 'manual']),
    source: z.string(),
    type: z.enum(['market', 'limit', 'stopLimit']),
    quote_size: decimal.nullable(),
    base_size: decimal.nullable(),
    state: orderState,
    filled_quantity: decimal,
    average_price: decimal.nullable(),
    reason: z.string().nullable(),
    created_at_ms: ms,
    updated_at_ms: ms,
  })
  .meta({ id: 'Order' }) satisfies z.ZodType<Wire<OrderRecord>>

export const fill = z
  .strictObject({
    fill_id: z.string(),
    client_order_id: z.string(),
    bot_id: botId,
    instrument: z.string(),
    side,
    price: decimal,
    quantity: decimal,
    value: decimal,
    fee_amount: decimal,
    fee_currency: z.string(),
    realized_pnl: decimal.meta({ description: 'Net of fees; 0 for buys.' }),
    source: z.string(),
    at_ms: ms,
  })
  .meta({ id: 'Fill' }) satisfies z.ZodType<Wire<FillRecord>>

const tranche = z
  .strictObject({ tranche_id: z.string(), number: count, entry_price: decimal, quantity: decimal, cost: decimal, fees: decimal, opened_at_ms: ms })
  .meta({ id: 'Tranche' })

export const position = z
  .strictObject({
    bot_id: botId,
    instrument: z.string(),
    status: z.enum(['closed', 'building', 'open', 'reducing']),
    quantity: decimal,
    average_entry: decimal.nullable(),
    cost: decimal,
    realized_pnl: decimal,
    unrealized_pnl: decimal,
    tranches: z.array(tranche),
  })
  .meta({ id: 'Position' }) satisfies z.ZodType<Wire<PositionRecord>>

export const alert = z
  .strictObject({ code: z.string(), severity: z.enum(['info', 'warning', 'critical']), detail: z.string(), bot_id: botId.nullable(), at_ms: ms })
  .meta({ id: 'Alert' }) satisfies z.ZodType<Wire<Alert>>

const change = z
  .strictObject({
    gate: z.string(),
    code: z.string(),
    what: z.string(),
    from: z.number().nullable(),
    to: z.number().nullable(),
    by: z.number().nullable(),
    unit: z.string(),
    relative: z.number().nullable(),
  })
  .meta({ id: 'Change', description: 'One number that would have to be another for a gate to open.' })

const blocker = z
  .strictObject({
    gate: z.string(),
    code: z.string(),
    margin: z.number().nullable().meta({ description: 'Distance to what is needed; negative = missing.' }),
    unit: z.string(),
    until_ms: ms.nullish(),
    detail: z.string(),
    needs: z.string(),
    needed: change.nullable(),
  })
  .meta({ id: 'Blocker' })

const verdict = z
  .union([
    z.strictObject({ rule_id: z.string(), kind: z.literal('allow'), margin: z.number().nullable() }),
    z.strictObject({
      rule_id: z.string(),
      kind: z.literal('reduce'),
      code: z.string(),
      margin: z.number().nullable(),
      max_quote_amount: z.number().nullable(),
      detail: z.string(),
    }),
    z.strictObject({
      rule_id: z.string(),
      kind: z.literal('deny'),
      code: z.string(),
      margin: z.number().nullable(),
      until_ms: ms.nullish(),
      detail: z.string(),
    }),
  ])
  .meta({ id: 'Verdict' })

const component = z.strictObject({
  name: z.string(),
  score: z.number().nullable(),
  weight: z.number(),
  reading: z.number().nullable(),
  reason: z.string(),
})

export const levelBlocker = z
  .strictObject({ code: z.string(), margin: z.number().nullable(), unit: z.string(), since_ms: ms, until_ms: ms.nullish(), detail: z.string() })
  .meta({ id: 'LevelBlocker' })

export const confirmation = z.strictObject({
  side: side.nullable(),
  since_ms: ms.nullable(),
  required_ms: count,
  progress: z.number().min(0).max(1),
})

export const readiness = z
  .strictObject({ can_trade: z.boolean(), at_ms: ms, blockers: z.array(blocker) })
  .meta({ id: 'Readiness', description: 'The primary reason stands first.' })

export const botState = z
  .strictObject({
    id: botId,
    instrument: z.string(),
    timeframe_ms: count,
    paused: z.boolean(),
    price: z.number().nullable(),
    price_at_ms: ms.nullable(),
    price_age_ms: z.number().nullable(),
    price_decimals: count,
    score: z.number().nullable(),
    components: z.array(component),
    temperature,
    action: z.enum(['buy', 'sell', 'hold']),
    outcome,
    confirmation,
    readiness,
    blocker: levelBlocker.nullable(),
    position,
    realized_pnl: decimal,
    unrealized_pnl: decimal,
    fees: decimal,
    working_order: order.nullable(),
    last_fill: fill.nullable(),
    trades_today: count,
  })
  .meta({ id: 'BotState' })

export const engineState = z
  .strictObject({
    environment,
    trading_state: tradingState,
    trading_state_reason: z.string().nullable(),
    now_ms: ms,
    started_at_ms: ms,
    market: z.strictObject({ id: z.string(), text: z.string(), notes: z.array(z.string()) }),
    quote_currency: z.string(),
    equity: decimal,
    cash: z.strictObject({ total: decimal, available: decimal, reserved: decimal }),
    coins: decimal,
    realized_pnl: decimal,
    unrealized_pnl: decimal,
    fees: decimal,
    max_drawdown: decimal,
    today: z.strictObject({ loss: z.number(), peak_loss: z.number(), trades: count }),
    breakers: z.array(
      z.strictObject({ id: z.string(), code: z.string(), action: z.enum(['reducing', 'halted']), since_ms: ms, until_ms: ms.nullable(), detail: z.string() }),
    ),
    bots: z.array(botState),
    last_fills: z.array(fill),
    alerts: z.array(alert),
    last_seq: count,
    journal_hash: z.string(),
  })
  .meta({ id: 'EngineState' })

export const decision = z
  .strictObject({
    seq: count,
    bot_id: botId,
    time_ms: ms,
    outcome,
    side: side.nullable(),
    preview: z.boolean(),
    config_hash: z.string(),
    score: z.number().nullable(),
    temperature,
    readings: z.record(z.string(), z.union([z.number().nullable(), z.record(z.string(), z.number().nullable())])),
    confirmation: z.strictObject({ count, required: count, since_ms: ms.nullable() }),
    verdicts: z.array(verdict),
    blocker: levelBlocker.nullable(),
    signal: z.strictObject({ score: z.number(), components: z.array(component), reason: z.string() }).nullable(),
    candles: count,
    sizing: z.string().nullish(),
    nearest: z
      .strictObject({
        changes: z.array(change),
        others: z.array(change),
        stuck: z.array(z.strictObject({ gate: z.string(), code: z.string(), needs: z.string() })),
        flips: z.boolean(),
      })
      .nullable(),
  })
  .meta({ id: 'Decision' })

export const tradePlan = z
  .strictObject({
    bot_id: botId,
    instrument: z.string(),
    side,
    kind: z.enum(['open', 'add', 'reduce', 'close']),
    at_ms: ms,
    allowed: z.boolean(),
    sized_by: z.enum(['asker', 'sizer', 'position']),
    wanted_quote: z.number().nullable(),
    blockers: z.array(blocker),
    verdicts: z.array(verdict),
    order: z
      .strictObject({
        type: z.enum(['market', 'limit', 'stopLimit']),
        quote_size: decimal.nullable(),
        base_size: decimal.nullable(),
        limit_price: decimal.nullable(),
      })
      .nullable(),
    price: z.number().nullable(),
  })
  .meta({ id: 'TradePlan' })

/** Compiles only while every record of the engine fits its schema. */
export type SchemasFit = [
  Fit<Wire<BotState>, Loose<z.input<typeof botState>>>,
  Fit<Wire<EngineState>, Loose<z.input<typeof engineState>>>,
  Fit<Wire<ReadinessBlocker>, Loose<z.input<typeof blocker>>>,
  Fit<Wire<Change>, Loose<z.input<typeof change>>>,
  Fit<Wire<Verdict>, Loose<z.input<typeof verdict>>>,
  Fit<Wire<Decision>, Loose<z.input<typeof decision>>>,
  Fit<Wire<TradePlan>, Loose<z.input<typeof tradePlan>>>,
]
type Fit<Given extends Wanted, Wanted> = [Given, Wanted]
/** Read-only lists are as good as others. */
type Loose<T> = T extends readonly (infer E)[] ? readonly Loose<E>[] : T extends object ? { readonly [K in keyof T]: Loose<T[K]> } : T
