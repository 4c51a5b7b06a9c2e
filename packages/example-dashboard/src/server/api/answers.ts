import { z } from 'zod'
import { anyJson, botId, count, decimal, environment, ms, orderState, side, temperature, tradingState } from './schema-parts.ts'
import { confirmation, fill, levelBlocker, position, readiness } from './schemas.ts'

// What endpoints answer beside the engine's own records.

export const health = z
  .strictObject({
    status: z.literal('ok'),
    pid: count,
    environment,
    trading_state: tradingState,
    now_ms: ms,
    last_seq: count,
    streams: count,
  })
  .meta({ id: 'Health' })

const partStatus = z.enum(['ok', 'warning', 'bad'])
export const serviceStatus = z
  .strictObject({
    status: partStatus.meta({ description: 'The worst of the parts.' }),
    environment,
    trading_state: tradingState,
    pid: count,
    now_ms: ms,
    parts: z.array(z.strictObject({ part: z.string(), status: partStatus, detail: z.string() })),
  })
  .meta({ id: 'ServiceStatus' })

export const trade = z
  .strictObject({
    trade_id: z.string(),
    bot_id: botId,
    instrument: z.string(),
    action: side,
    status: orderState,
    origin: z.enum(['strategy', 'exit', 'manual']),
    source: z.string(),
    kind: z.string(),
    type: z.string(),
    amount: decimal.meta({ description: 'What changed hands; before the first fill what was asked for. Never missing.' }),
    amount_currency: z.string(),
    amount_is: z.enum(['filled', 'requested']),
    filled_quantity: decimal,
    average_price: decimal.nullable(),
    fees: decimal,
    realized_pnl: decimal,
    fills: count,
    score: z.number().nullable(),
    temperature: temperature.nullable(),
    slippage_bps: z.number().nullable(),
    reason: z.string().nullable(),
    created_at_ms: ms,
    updated_at_ms: ms,
  })
  .meta({ id: 'Trade' })

export const tradeStats = z
  .strictObject({
    total: count,
    by_status: z.array(z.strictObject({ status: orderState, count })).meta({ description: 'Adds up to total.' }),
    by_action: z.strictObject({ buy: count, sell: count }),
    submitted: count.meta({ description: 'Orders that left for the venue.' }),
    filled: count.meta({ description: 'Of these, filled or filled in part.' }),
    success_rate: z.number().min(0).max(1).nullable().meta({ description: 'filled / submitted; null while nothing was submitted.' }),
    realized_pnl: decimal,
    fees: decimal,
    turnover: decimal,
    round_trips: z.strictObject({ count, wins: count, losses: count, win_rate: z.number().nullable() }),
  })
  .meta({ id: 'TradeStats' })

export const limits = z.strictObject({ hash: z.string(), configured_hash: z.string(), limits: anyJson }).meta({ id: 'Limits' })

const botInForce = z.strictObject({
  id: botId,
  config: anyJson.meta({ description: 'Every number of it.' }),
  added: z.boolean().meta({ description: 'Added while running: it stands in no configuration file.' }),
  edited: anyJson.meta({ description: 'The settings that were edited while running, as they were given.' }),
})

export const botsInForce = z
  .strictObject({
    hash: z.string().meta({ description: 'Of the configuration as it is now: another one than configured_hash when bots were added or edited while running.' }),
    configured_hash: z.string(),
    bots: z.array(botInForce),
  })
  .meta({ id: 'BotsInForce' })

export const botChange = z
  .strictObject({
    bot: botInForce,
    changes: z.array(z.strictObject({ path: z.string(), before: anyJson, after: anyJson })).meta({ description: 'Every value that is another one now.' }),
    config_hash: z.string(),
    warnings: z.array(z.string()).meta({ description: 'Possible, but unwise.' }),
  })
  .meta({ id: 'BotChange' })

export const safetyStatus = z
  .strictObject({
    trading_state: tradingState,
    trading_state_reason: z.string().nullable(),
    today: z.strictObject({ loss: z.number(), peak_loss: z.number(), trades: count }),
    breakers: z.array(anyJson),
    unknown_orders: z.array(z.string()),
    limits,
    bots: z.array(
      z.strictObject({
        bot_id: botId,
        can_trade: z.boolean(),
        blocking_reason: z.string().nullable(),
        trades_today: count,
        remaining: z
          .array(z.strictObject({ rule: z.string(), kind: z.string(), margin: z.number().nullable(), detail: z.string().nullable() }))
          .meta({ description: 'What every rule says of the entry the bot would make now; the margin is what is left.' }),
      }),
    ),
  })
  .meta({ id: 'SafetyStatus' })

export const botSummary = z
  .strictObject({
    id: botId,
    pair: z.string(),
    status: z.enum(['running', 'paused']),
    current_combined_score: z.number().nullable(),
    temperature,
    action: z.enum(['buy', 'sell', 'hold']),
    price: z.number().nullable(),
    can_trade: z.boolean(),
    blocking_reason: z.string().nullable(),
  })
  .meta({ id: 'BotSummary' })

export const botEnhanced = z
  .strictObject({
    ...botSummary.shape,
    confirmation,
    trade_readiness: readiness,
    blocker: levelBlocker.nullable(),
    position,
    last_decision: z.strictObject({ outcome: z.string(), at_ms: ms }),
    last_trade: fill.nullable(),
    trades_today: count,
  })
  .meta({ id: 'BotEnhanced' })

export const lifeCycle = z
  .strictObject({ bot_id: botId, status: z.enum(['running', 'paused']), changed: z.boolean().meta({ description: 'False when it was so already.' }) })
  .meta({ id: 'LifeCycle' })

export const temperatures = z.strictObject({ hot: count, warm: count, cool: count, frozen: count })

export const journalEntry = z.strictObject({ seq: count, at_ms: ms, type: z.string(), bot_id: botId.nullable(), data: anyJson }).meta({ id: 'JournalEntry' })

export const equityCurve = z
  .strictObject({
    quote_currency: z.string(),
    points: z.array(z.strictObject({ at_ms: ms, equity: decimal, paid_in: decimal, gain: decimal, growth: z.number() })),
  })
  .meta({ id: 'EquityCurve' })

const series = z.strictObject({ name: z.string(), indicator: z.string(), values: z.array(z.number().nullable()) })
export const chart = z
  .strictObject({
    bot_id: botId,
    instrument: z.string(),
    timeframe_ms: count,
    price_decimals: count,
    candles: z.array(z.strictObject({ open_time_ms: ms, open: z.number(), high: z.number(), low: z.number(), close: z.number(), volume: z.number() })),
    series: z.array(series).meta({ description: "Readings of the strategy's own indicators, one for each candle." }),
  })
  .meta({ id: 'Chart' })

export const reconcileReport = z
  .strictObject({
    at_ms: ms,
    differences: z.array(z.string()).meta({ description: 'In words, one each; empty when both agree.' }),
    corrections: z
      .array(z.strictObject({ currency: z.string(), amount: decimal }))
      .meta({ description: 'What came or went without an order of ours, and was booked.' }),
    mismatch: z.string().nullable().meta({ description: 'What bots hold by the books and is not at the venue: trading is halted.' }),
    unconfirmed: z.boolean().meta({ description: 'True while a difference waits for a second look before anything is booked.' }),
  })
  .meta({ id: 'ReconcileReport' })

export const emergencyStopReport = z
  .strictObject({
    gate_closed_at_ms: ms.meta({ description: 'The latch is durable; no send begins after it.' }),
    cancelled: z.array(z.string()),
    unresolved: z.array(z.string()),
  })
  .meta({ id: 'EmergencyStopReport' })

export const tradingStateNow = z.strictObject({ trading_state: tradingState, trading_state_reason: z.string().nullable() }).meta({ id: 'TradingState' })

export const cacheStats = z
  .strictObject({
    requests: count,
    hits: count,
    coalesced: count,
    misses: count,
    evictions: count,
    size: count,
    hit_rate: z.number().min(0).max(1),
    calls_last_minute: count,
    refusals: count.meta({ description: 'Answers 429 of the venue.' }),
  })
  .meta({ id: 'CacheStats' })

export const cacheAnswer = z.strictObject({
  available: z.boolean().meta({ description: 'False: this market reads nothing from a venue.' }),
  stats: cacheStats.nullable(),
})
