import type { Decimal } from 'decimal.js'
import { unrealizedPnl } from '../ledger/position.ts'
import { ZERO, add, decimalText, fromEstimate, stored, valueOf } from '../model/money.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { TradingKernel } from './kernel.ts'

export interface PortfolioTotals {
  readonly equity: string
  readonly cash: { readonly total: string; readonly available: string; readonly reserved: string }
  readonly coins: string
  readonly realizedPnl: string
  readonly unrealizedPnl: string
  readonly fees: string
}

/** Exact sums over the ledger: equity is cash plus coins at the last price. */
export function portfolioTotals(kernel: TradingKernel): PortfolioTotals {
  const { durable, settings, bots } = kernel.state
  const { ledger } = durable
  let coins = ZERO
  let realized = ZERO
  let unrealized = ZERO
  let fees = ZERO
  // Bots that are gone have earned and paid as well.
  for (const botId of ledger.botIds()) {
    const position = ledger.position(botId)
    realized = add(realized, position.realizedPnl)
    fees = add(fees, add(position.realizedFees, position.fees))
  }
  for (const bot of bots) {
    const position = ledger.position(bot.config.id)
    const price = exactPrice(bot)
    if (price === undefined) continue
    coins = add(coins, valueOf(position.quantity, price))
    unrealized = add(unrealized, stored(unrealizedPnl(position, price)))
  }
  const total = ledger.balance(settings.quoteCurrency)
  return {
    equity: decimalText(add(total, coins)),
    cash: {
      total: decimalText(total),
      available: decimalText(ledger.available(settings.quoteCurrency)),
      reserved: decimalText(ledger.reserved(settings.quoteCurrency)),
    },
    coins: decimalText(coins),
    realizedPnl: decimalText(realized),
    unrealizedPnl: decimalText(unrealized),
    fees: decimalText(fees),
  }
}

/** The last price as an amount; undefined before the first one: there is no default. */
export function exactPrice(bot: BotRuntime): Decimal | undefined {
  const { price } = bot.market.market
  return price > 0 ? fromEstimate(price) : undefined
}
