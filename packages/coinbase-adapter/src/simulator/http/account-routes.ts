import { add, amount, text, toNumber } from '../amount.ts'
import type { Account } from '../ledger/ledger.ts'
import { micros, millis } from '../wire/times.ts'
import { notFound, ok } from './answer.ts'
import type { Answer } from './answer.ts'
import { pageOf } from './paging.ts'
import type { Route, RouteRequest } from './route.ts'

const fiat: ReadonlySet<string> = new Set(['USD', 'EUR', 'GBP'])

const accountRow = ({ uuid, currency, available, hold, createdMs, updatedMs, portfolio }: Account): Record<string, unknown> => ({
  uuid,
  name: `${currency} Wallet`,
  currency,
  available_balance: { value: text(available), currency },
  default: true,
  active: true,
  created_at: millis(createdMs),
  updated_at: micros(updatedMs),
  deleted_at: null,
  type: fiat.has(currency) ? 'ACCOUNT_TYPE_FIAT' : 'ACCOUNT_TYPE_CRYPTO',
  // The real venue says false of funded accounts, too.
  ready: fiat.has(currency),
  hold: { value: text(hold), currency },
  retail_portfolio_id: portfolio,
  platform: 'ACCOUNT_PLATFORM_CONSUMER',
})

const own = ({ service, portfolio }: RouteRequest): Account[] =>
  [...service.venue.ledger.accounts.values()].filter((account) => account.portfolio === portfolio)

function accounts(request: RouteRequest): Answer {
  const { rows, cursor } = pageOf(own(request), request.query, { usual: 49, most: 250 })
  return ok({ accounts: rows.map(accountRow), has_next: cursor !== '', cursor, size: rows.length })
}

function account(request: RouteRequest): Answer {
  const found = own(request).find(({ uuid }) => uuid === request.id)
  if (found === undefined) throw notFound('account not found')
  return ok({ account: accountRow(found) })
}

/** JSON numbers on purpose: the venue has them here. */
function transactionSummary({ service: { venue }, portfolio }: RouteRequest): Answer {
  const fills = venue.fills.filter((fill) => fill.portfolio === portfolio)
  const volume = toNumber(fills.reduce((sum, { value }) => add(sum, value), amount(0)))
  const fees = toNumber(fills.reduce((sum, { fee }) => add(sum, fee), amount(0)))
  return ok({
    total_volume: volume,
    total_fees: fees,
    fee_tier: {
      ...{ pricing_tier: '', usd_from: '0', usd_to: '10000', taker_fee_rate: text(venue.rates.taker), maker_fee_rate: text(venue.rates.maker) },
      ...{ aop_from: '', aop_to: '' },
    },
    margin_rate: null,
    goods_and_services_tax: null,
    ...{ advanced_trade_only_volume: volume, advanced_trade_only_fees: fees, coinbase_pro_volume: 0, coinbase_pro_fees: 0 },
    ...{ total_balance: '', has_promo_fee: false },
  })
}

function keyPermissions({ service, key, portfolio }: RouteRequest): Answer {
  const { canView, canTrade, canTransfer } = key!
  const type = portfolio === service.defaultPortfolio ? 'DEFAULT' : 'CONSUMER'
  return ok({ can_view: canView, can_trade: canTrade, can_transfer: canTransfer, portfolio_uuid: portfolio, portfolio_type: type })
}

function portfolios({ service }: RouteRequest): Answer {
  const rows = [...service.portfolios].map(([uuid, name]) => ({ name, uuid, type: uuid === service.defaultPortfolio ? 'DEFAULT' : 'CONSUMER', deleted: false }))
  return ok({ portfolios: rows })
}

/** Wallets, fees and what the key may do. */
export const accountRoutes: readonly Route[] = [
  { method: 'GET', path: '/accounts', permission: 'canView', answer: accounts },
  { method: 'GET', path: '/accounts/*', permission: 'canView', answer: account },
  { method: 'GET', path: '/transaction_summary', permission: 'canView', answer: transactionSummary },
  { method: 'GET', path: '/key_permissions', permission: 'canView', answer: keyPermissions },
  { method: 'GET', path: '/portfolios', permission: 'canView', answer: portfolios },
]
