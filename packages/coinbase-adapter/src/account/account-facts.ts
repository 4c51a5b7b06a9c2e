import { add, money } from '@millrace/core'
import type { Balance, FeeRates } from '@millrace/core'
import { allPages } from '../rest/all-pages.ts'
import { CoinbaseError } from '../rest/coinbase-error.ts'
import type { RestClient } from '../rest/rest-client.ts'
import { accountSchema, feeSummarySchema } from '../wire/account.ts'
import type { Account } from '../wire/account.ts'
import { problemOf } from '../wire/values.ts'

const PAGE = 250
const ZERO = money(0)

/** Wallets that orders on the spot market do not use. */
const isElsewhere = ({ type, platform }: Account): boolean => /VAULT|PERP_FUTURES/.test(type) || /CFM|INTX/.test(platform)

/**
 * Reads what the portfolio has, summed by currency.
 *
 * @throws CoinbaseError when a page or a wallet could not be read: money that is only partly known is not known
 */
export async function fetchBalances(rest: RestClient, portfolio: string | undefined, signal: AbortSignal): Promise<readonly Balance[]> {
  const byCurrency = new Map<string, Balance>()
  const take = (rows: readonly unknown[]): void => {
    for (const row of rows) {
      const account = accountSchema.safeParse(row)
      if (!account.success) throw new CoinbaseError('unreadable', `a wallet: ${problemOf(account.error)}`)
      const { currency, available_balance, hold, retail_portfolio_id } = account.data
      if (isElsewhere(account.data) || (portfolio !== undefined && retail_portfolio_id !== '' && retail_portfolio_id !== portfolio)) continue
      const before = byCurrency.get(currency)
      const held = hold?.value
      byCurrency.set(currency, {
        currency,
        available: before ? add(before.available, available_balance.value) : available_balance.value,
        held: before && held ? add(before.held, held) : (held ?? before?.held ?? ZERO),
      })
    }
  }
  const { problem, error } = await allPages(rest, '/accounts', { limit: PAGE }, 'accounts', { signal, page: take })
  if (problem !== undefined) throw error instanceof Error ? error : new CoinbaseError('unreadable', problem)
  return [...byCurrency.values()]
}

/** Reads the fee rates of the account's tier. */
export async function fetchFeeRates(rest: RestClient, signal: AbortSignal): Promise<FeeRates> {
  const answer = feeSummarySchema.safeParse(await rest.get('/transaction_summary', { product_type: 'SPOT' }, signal))
  if (!answer.success) throw new CoinbaseError('unreadable', `fees: ${problemOf(answer.error)}`)
  const { maker_fee_rate, taker_fee_rate } = answer.data.fee_tier
  return { makerRate: maker_fee_rate, takerRate: taker_fee_rate }
}
