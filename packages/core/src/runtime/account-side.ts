import type { Decimal } from 'decimal.js'
import type { Exchange, SimulatedExchange } from '../contracts/exchange.ts'
import type { OrderSide } from '../engine/event-loop.ts'
import type { TradingKernel } from '../engine/kernel.ts'
import { reconcileSimulated } from '../engine/reconcile-simulated.ts'
import { venueState } from '../engine/venue-state.ts'
import type { SimulatedVenue } from '../contracts/exchange.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { EngineError } from '../model/errors.ts'
import { add, isPositive } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'

/** The account that orders work on: in this process, or at a real venue. */
export interface AccountSide {
  readonly orders: OrderSide
  /** True when the start itself opens the gate; else a comparison does. */
  readonly opensGate: boolean
  /** Brings our books and the account together at a start; answers why the gate stays shut for now, when it does. `keptMs`: the end of an earlier run. */
  bringTogether(kernel: TradingKernel, keptMs: EpochMs | undefined): Promise<string | undefined>
}

/** True for a venue in this process, which the engine drives in the total order of events. */
export const isSimulated = (exchange: Exchange): exchange is SimulatedExchange => 'venue' in exchange

/** The simulated venue is folded from our own journal, so it can never know more than we do. */
export const simulatedSide = (venue: SimulatedVenue): AccountSide => ({
  orders: venue,
  opensGate: true,
  async bringTogether(kernel, keptMs) {
    reconcileSimulated(kernel, keptMs === undefined ? 'start' : 'restart')
    venue.resume(venueState(kernel))
    return undefined
  },
})

/** An account has currencies, if with nothing in them. */
export const NO_BALANCES = 'the venue tells no balances at all, which proves nothing'

/**
 * What an account begins with, of the currencies that its bots trade: what is free. What orders of the owner hold is his until they let it go.
 *
 * @throws EngineError `RECONCILE_FAILED` when a real venue tells nothing
 */
export async function startingCash(exchange: Exchange, currencies: readonly string[]): Promise<Readonly<Record<string, Decimal>>> {
  if (isSimulated(exchange)) return exchange.startingCash
  const cash: Record<string, Decimal> = {}
  const balances = await exchange.balances()
  if (balances.length === 0) throw new EngineError('RECONCILE_FAILED', NO_BALANCES)
  for (const { currency, available } of balances)
    if (currencies.includes(currency) && isPositive(available)) cash[currency] = cash[currency] === undefined ? available : add(cash[currency], available)
  return cash
}

/** The quote money that an account works with: what is there, and what its positions cost. All of it may be in coins at a start. */
export function moneyAtWork(ledger: Pick<Ledger, 'balance' | 'botIds' | 'position'>, quote: string): Decimal {
  return ledger.botIds().reduce((sum, botId) => add(sum, ledger.position(botId).cost), ledger.balance(quote))
}
