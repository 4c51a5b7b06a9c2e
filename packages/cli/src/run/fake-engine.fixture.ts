import type { Alert, Engine, EngineEvents, EngineState, FillRecord, RunSummary } from '@millrace/core'
import { EMPTY } from 'rxjs'

export const summaryOfNothing: RunSummary = {
  environment: 'backtest',
  bots: 1,
  candles: 20,
  candleBots: 20,
  decisions: 20,
  orders: 2,
  fills: 1,
  cash: '990.10',
  equity: '1000',
  realizedPnl: '-0.09',
  unrealizedPnl: '0',
  fees: '0.09',
  maxDrawdown: '0.25',
  paidIn: '1000',
  returnPercent: 0,
  successRate: { submitted: 2, filled: 1, rate: 0.5 },
  roundTrips: { count: 3, wins: 1, losses: 2, winRate: 1 / 3, best: { id: 'btc/2', pnl: '1.25' }, worst: { id: 'btc/1', pnl: '-0.75' } },
  blockers: { COOLDOWN: 3, TEMPERATURE: 7 },
  journalHash: 'ab'.repeat(32),
  engineMs: 4,
}

/** An engine that does what a test tells it to, and writes down what is asked of it. */
export interface FakeEngine extends Engine {
  readonly calls: string[]
  /** The market ends. */
  finish(): void
  fail(error: unknown): void
  emit<E extends keyof EngineEvents>(event: E, value: Parameters<EngineEvents[E]>[0]): void
}

export function fakeEngine(options: { readonly tradingState?: EngineState['tradingState']; readonly startFails?: Error } = {}): FakeEngine {
  const calls: string[] = []
  const listeners: { readonly event: string; readonly listener: (value: never) => void }[] = []
  const { promise: finished, resolve, reject } = Promise.withResolvers<RunSummary>()
  const notUsed = (): never => {
    throw new Error('the runner has no business here')
  }
  const state = {
    tradingState: options.tradingState ?? 'active',
    tradingStateReason: options.tradingState === 'halted' ? 'prices look wrong' : undefined,
    nowMs: Date.UTC(2026, 0, 1),
    quoteCurrency: 'USD',
  } as unknown as EngineState
  return {
    calls,
    finished,
    decisions$: EMPTY,
    orders$: EMPTY,
    fills$: EMPTY,
    positions$: EMPTY,
    alerts$: EMPTY,
    state$: EMPTY,
    start() {
      calls.push('start')
      return options.startFails === undefined ? Promise.resolve() : Promise.reject(options.startFails)
    },
    stop() {
      calls.push('stop')
      resolve(summaryOfNothing)
      return finished
    },
    state: () => state,
    summary: () => summaryOfNothing,
    on(event, listener) {
      const entry = { event, listener: listener as (value: never) => void }
      listeners.push(entry)
      return () => void listeners.splice(listeners.indexOf(entry), 1)
    },
    emit: (event, value) => listeners.filter((entry) => entry.event === event).forEach(({ listener }) => listener(value as never)),
    finish: () => resolve(summaryOfNothing),
    fail: reject,
    pause: notUsed,
    resume: notUsed,
    emergencyStop: notUsed,
    rearm() {
      calls.push('rearm')
      return Promise.resolve()
    },
    reconcile: notUsed,
    limits: () => ({ hash: 'a'.repeat(64), configuredHash: 'a'.repeat(64), limits: { account: { 'daily-loss': { limit: 100 } }, breakers: {}, bots: {} } }),
    patchLimits: notUsed,
    resetBreaker: notUsed,
    bots: notUsed,
    timings: notUsed,
    addBot: notUsed,
    editBot: notUsed,
    retireBot: notUsed,
    flatten: notUsed,
    deposit: notUsed,
    withdraw: notUsed,
    analytics: notUsed,
    explain: notUsed,
    planTrade: notUsed,
    trade: notUsed,
    chart: notUsed,
    read: notUsed,
    rows: notUsed,
  }
}

export const anAlert = (alert: Partial<Alert> = {}): Alert =>
  ({ code: 'DAILY_LOSS', severity: 'warning', detail: '100 of 100 USD', botId: undefined, atMs: Date.UTC(2025, 9, 10, 21), ...alert }) as Alert

export const aFill = (fill: Partial<FillRecord> = {}): FillRecord =>
  ({
    fillId: 'f1',
    clientOrderId: 'c1',
    botId: 'btc',
    instrument: 'BTC-USD',
    side: 'sell',
    price: '90000.12',
    quantity: '0.0001',
    value: '9.000012',
    feeAmount: '0.081000108',
    feeCurrency: 'USD',
    realizedPnl: '-0.10',
    source: 'stop-loss',
    atMs: Date.UTC(2025, 9, 10, 21),
    ...fill,
  }) as FillRecord
