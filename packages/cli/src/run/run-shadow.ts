import { currenciesOf, shadowVenue, totalOf } from '@millrace/core'
import type { AccountConfig, BotConfig, ShadowVenue, ShadowedOrder } from '@millrace/core'
import { countText } from '../text/format.ts'
import { pairs } from '../text/table.ts'

/** What a shadow says of a run: the same orders at the venue and in the simulation, the last 1,000 of them. */
export interface ShadowReport {
  readonly orders: number
  /** Filled, at least in part, by both; the figures below are of these. */
  readonly both: number
  readonly onlyVenue: number
  readonly onlyShadow: number
  /** How much worse the venue's prices were, in basis points: above zero, the simulation is too kind. Undefined without an order that both filled. */
  readonly meanWorseBps: number | undefined
  readonly worstBps: number | undefined
  /** Decimal text, in quote. */
  readonly venueFees: string
  readonly shadowFees: string
}

/** More than any bot will ask for: only fills are compared, and a position that is older than the shadow can be sold in it. */
const PLENTY = '1000000000'

/** A simulation beside the exchange, with the fees of the configuration and enough of everything. */
export function openShadow({ fees }: AccountConfig, bots: readonly BotConfig[]): ShadowVenue {
  const currencies = bots.flatMap(({ instrument }) => [currenciesOf(instrument).base, currenciesOf(instrument).quote])
  return shadowVenue({ fees, cash: Object.fromEntries(currencies.map((currency) => [currency, PLENTY])) })
}

/** Sums up what both made of the orders. */
export function shadowReport(orders: readonly ShadowedOrder[]): ShadowReport {
  const worse = orders.flatMap(({ worseBps }) => worseBps ?? [])
  const both = orders.filter(({ worseBps }) => worseBps !== undefined)
  return {
    orders: orders.length,
    both: both.length,
    onlyVenue: orders.filter(({ venue, shadow }) => venue.price !== undefined && shadow.price === undefined).length,
    onlyShadow: orders.filter(({ venue, shadow }) => venue.price === undefined && shadow.price !== undefined).length,
    meanWorseBps: worse.length === 0 ? undefined : worse.reduce((sum, bps) => sum + bps, 0) / worse.length,
    worstBps: worse.length === 0 ? undefined : Math.max(...worse),
    venueFees: totalOf(both.map(({ venue }) => venue.fees)),
    shadowFees: totalOf(both.map(({ shadow }) => shadow.fees)),
  }
}

/** The same for people. */
export function shadowText({ orders, both, onlyVenue, onlyShadow, meanWorseBps, worstBps, venueFees, shadowFees }: ShadowReport, quote: string): string {
  const bps = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(1)} bps`)
  return `shadow\n${pairs([
    [
      'orders',
      `${countText(orders)}: ${countText(both)} filled by both, ${countText(onlyVenue)} only by the venue, ${countText(onlyShadow)} only by the shadow`,
    ],
    ['venue worse by', `${bps(meanWorseBps)} on average, ${bps(worstBps)} at most`],
    ['fees', `${Number(venueFees).toFixed(2)} ${quote}, in the shadow ${Number(shadowFees).toFixed(2)}`],
  ])}`
}
