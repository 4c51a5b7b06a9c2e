import type { Engine, Timing } from '@millrace/core'
import type { Services } from './api/services.ts'
import { partsOf } from './api/status.ts'

type Labels = Readonly<Record<string, string>>
interface Metric {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** `suffix`: of a histogram's samples. */
  readonly samples: readonly { readonly suffix?: '_bucket' | '_sum' | '_count'; readonly labels?: Labels; readonly value: number }[]
}

/** Alerts since the start, by code: what some counters are made of. */
export interface AlertCounts {
  of(...codes: readonly string[]): number
  close(): void
}

export function countAlerts(engine: Pick<Engine, 'alerts$'>): AlertCounts {
  const counts = new Map<string, number>()
  const subscription = engine.alerts$.subscribe(({ code }) => counts.set(code, (counts.get(code) ?? 0) + 1))
  return {
    of: (...codes) => codes.reduce((sum, code) => sum + (counts.get(code) ?? 0), 0),
    close: () => subscription.unsubscribe(),
  }
}

const one = (value: number): Metric['samples'] => [{ value }]
const gauge = (name: string, help: string, samples: Metric['samples']): Metric => ({ name, type: 'gauge', help, samples })
const counter = (name: string, help: string, samples: Metric['samples']): Metric => ({ name: `${name}_total`, type: 'counter', help, samples })

/** A duration in classes, as Prometheus has it. */
const histogramSamples = ({ buckets, sumSeconds }: Timing, labels: Labels = {}): Metric['samples'] => [
  ...buckets.map(([upTo, count]) => ({ suffix: '_bucket' as const, labels: { ...labels, le: upTo === Infinity ? '+Inf' : String(upTo) }, value: count })),
  { suffix: '_sum', labels, value: sumSeconds },
  { suffix: '_count', labels, value: buckets.at(-1)?.[1] ?? 0 },
]

function timeMetrics({ engine }: Services): readonly Metric[] {
  const { commit, exchange } = engine.timings()
  const calls = Object.entries(exchange).flatMap(([operation, timing]) => histogramSamples(timing, { operation }))
  return [
    { name: 'millrace_db_commit_seconds', type: 'histogram', help: 'Time of each commit to the store.', samples: histogramSamples(commit) },
    { name: 'millrace_exchange_call_seconds', type: 'histogram', help: 'Time of each call to a real venue, answered or not.', samples: calls },
  ]
}

/** Everything Prometheus may scrape. Amounts are floats here, for graphs; the exact ones are in the API. */
export function metricsText(services: Services, alerts: AlertCounts): string {
  return [...moneyMetrics(services), ...orderMetrics(services), ...botMetrics(services), ...timeMetrics(services), ...healthMetrics(services, alerts)]
    .map(textOf)
    .join('')
}

function moneyMetrics({ engine }: Services): readonly Metric[] {
  const state = engine.state()
  const { byDay, paidIn } = engine.analytics()
  const equity = Number(state.equity)
  return [
    gauge('millrace_equity_quote', 'Cash and coins at the last price, in quote.', one(equity)),
    gauge('millrace_cash_available_quote', 'Cash that no order has promised.', one(Number(state.cash.available))),
    gauge('millrace_pnl_quote', 'Equity less what was paid in.', one(equity - Number(paidIn))),
    gauge('millrace_pnl_realized_quote', 'Realised P&L net of fees.', one(Number(state.realizedPnl))),
    gauge('millrace_pnl_realized_today_quote', 'Of the last UTC day with fills.', one(Number(byDay.at(-1)?.realizedPnl ?? 0))),
    gauge('millrace_loss_today_quote', 'Loss of the UTC day, as the daily limit sees it.', one(state.today.loss)),
    gauge('millrace_drawdown_quote', 'Largest fall from a peak.', one(Number(state.maxDrawdown))),
    gauge('millrace_fees_quote', 'Fees paid.', one(Number(state.fees))),
    gauge('millrace_utilisation_ratio', 'Coins as a share of equity, 0 to 1.', one(equity > 0 ? Number(state.coins) / equity : 0)),
  ]
}

const failedStates = new Set(['rejected', 'expired'])

function orderMetrics({ engine, history }: Services): readonly Metric[] {
  const { successRate } = engine.analytics()
  const { bots } = engine.state()
  return [
    counter('millrace_orders_placed', 'Orders that left for the venue.', one(successRate.submitted)),
    counter('millrace_orders_filled', 'Of these, filled or filled in part.', one(successRate.filled)),
    counter('millrace_orders_failed', 'Orders rejected or expired.', one(history.trades().filter(({ status }) => failedStates.has(status)).length)),
    counter('millrace_fills', 'Own executions.', one(history.fills().length)),
    gauge('millrace_orders_working', 'Orders at work.', one(bots.filter(({ workingOrder }) => workingOrder !== undefined).length)),
    gauge('millrace_unknown_orders', 'Orders whose outcome is unknown.', one(bots.filter(({ workingOrder }) => workingOrder?.state === 'unknown').length)),
  ]
}

function botMetrics({ engine }: Services): readonly Metric[] {
  const { bots } = engine.state()
  const of = (value: (bot: (typeof bots)[number]) => number | undefined): Metric['samples'] =>
    bots.flatMap((bot) => {
      const sample = value(bot)
      return sample === undefined ? [] : [{ labels: { bot: bot.id, instrument: bot.instrument }, value: sample }]
    })
  return [
    gauge(
      'millrace_data_age_seconds',
      'Age of the last price.',
      of(({ priceAgeMs }) => (priceAgeMs === undefined ? undefined : priceAgeMs / 1_000)),
    ),
    gauge(
      'millrace_bot_score',
      'Score of the last evaluation, -1 to +1.',
      of(({ score }) => score),
    ),
    gauge(
      'millrace_bot_can_trade',
      '1 when an entry would leave.',
      of(({ readiness }) => Number(readiness.canTrade)),
    ),
    gauge(
      'millrace_bot_running',
      '0 when it is paused.',
      of(({ paused }) => Number(!paused)),
    ),
  ]
}

function healthMetrics(services: Services, alerts: AlertCounts): readonly Metric[] {
  const { engine, counter: open, market, lagMs, access } = services
  const state = engine.state()
  const cache = market?.stats()
  return [
    gauge('millrace_uptime_seconds', 'Time since the start of the run.', one((state.nowMs - state.startedAtMs) / 1_000)),
    gauge(
      'millrace_trading_state',
      '1 for the one in force.',
      (['active', 'reducing', 'halted'] as const).map((name) => ({ labels: { state: name }, value: Number(state.tradingState === name) })),
    ),
    gauge(
      'millrace_subsystem_alive',
      '1 while a part is well or only warns.',
      partsOf(services).map(({ part, status }) => ({ labels: { part }, value: Number(status !== 'bad') })),
    ),
    counter('millrace_journal_entries', 'Entries of the journal.', one(state.lastSeq)),
    counter('millrace_ws_sequence_gaps', 'Messages of the market that were missed.', one(alerts.of('LINK_GAP'))),
    counter('millrace_reconciliation_diffs', 'Differences found with the venue.', one(alerts.of('EXTERNAL_FILL', 'EXTERNAL_ORDER', 'BREAKER_LEDGER_MISMATCH'))),
    counter('millrace_invariant_violations', 'Must stay 0.', one(alerts.of('INVARIANT_VIOLATED'))),
    gauge('millrace_event_loop_lag_seconds', 'How late the process was at most in the last minute.', one(lagMs() / 1_000)),
    gauge('millrace_pages_open', 'Open streams.', one(open.streams)),
    counter('millrace_failed_sign_ins', 'Wrong tokens.', one(access.lockout.failures)),
    ...(cache === undefined
      ? []
      : [
          counter('millrace_cache_hits', 'Reads answered from the cache, or shared.', one(cache.cache.hits + cache.cache.coalesced)),
          counter('millrace_cache_misses', 'Reads that went to the venue.', one(cache.cache.misses)),
          counter('millrace_venue_refusals', 'Answers 429.', one(cache.requests.refusals)),
        ]),
  ]
}

const labelText = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

function textOf({ name, type, help, samples }: Metric): string {
  const lines = samples.map(({ suffix = '', labels = {}, value }) => {
    const list = Object.entries(labels).map(([label, text]) => `${label}="${labelText(text)}"`)
    return `${name}${suffix}${list.length === 0 ? '' : `{${list.join(',')}}`} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}
