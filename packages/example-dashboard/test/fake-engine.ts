import { BehaviorSubject, NEVER, Subject } from 'rxjs'
import { ConfigError, EngineError, blockerNeeds } from '@millrace/core'
import type {
  Alert,
  Blocker,
  BotChangeReport,
  BotInForce,
  BotState,
  Decision,
  Engine,
  EngineState,
  EpochMs,
  FillRecord,
  JournalEntry,
  OrderRecord,
  ReadinessBlocker,
} from '@millrace/core'
import { handMadeAnalytics, handMadeChart, handMadePlan } from './fake-records.ts'

/** An engine that only shows: it replays hand-made states and notes which commands it was given. */
export interface FakeEngine extends Engine {
  readonly commands: string[]
  /** Questions for explanations. */
  readonly asked: string[]
  show(state: EngineState): void
  order(order: OrderRecord): void
  fill(fill: FillRecord): void
  alert(alert: Alert): void
  /** Thrown by the next command. */
  failWith(error: Error): void
}

export const startMs = Date.UTC(2026, 0, 5, 12, 0, 0) as EpochMs
export const at = (seconds: number): EpochMs => (startMs + seconds * 1000) as EpochMs

export function fakeEngine(first: EngineState = handMadeState(0)): FakeEngine {
  const state$ = new BehaviorSubject(first)
  const fills$ = new Subject<FillRecord>()
  const alerts$ = new Subject<Alert>()
  const orders$ = new Subject<OrderRecord>()
  const commands: string[] = []
  const asked: string[] = []
  let failure: Error | undefined
  const command = (text: string): void => {
    commands.push(text)
    const error = failure
    failure = undefined
    if (error !== undefined) throw error
  }
  function explain(botId: string): Decision
  function explain(botId: string, options: { readonly at: EpochMs }): Promise<Decision>
  function explain(botId: string, options?: { readonly at: EpochMs }): Decision | Promise<Decision> {
    asked.push(options === undefined ? botId : `${botId} at ${options.at}`)
    const bot = state$.value.bots.find(({ id }) => id === botId)
    if (bot === undefined) throw new EngineError('UNKNOWN_BOT', `unknown bot ${JSON.stringify(botId)}`)
    if (options !== undefined && options.at > state$.value.nowMs) return Promise.reject(new EngineError('NOT_EXPLAINABLE', `${botId}: it has not come yet`))
    const decision = handMadeDecision(bot, options?.at ?? state$.value.nowMs)
    return options === undefined ? decision : Promise.resolve(decision)
  }
  const botOf = (botId: string): BotState => {
    const bot = state$.value.bots.find(({ id }) => id === botId)
    if (bot === undefined) throw new EngineError('UNKNOWN_BOT', `unknown bot ${JSON.stringify(botId)}`)
    return bot
  }
  const setPaused = (botId: string | undefined, paused: boolean): void => {
    command(`${paused ? 'pause' : 'resume'} ${botId ?? 'all'}`)
    const bots = state$.value.bots.map((bot) => (bot.id === botId ? { ...bot, paused } : bot))
    state$.next({ ...state$.value, bots })
  }
  const changed = async (text: string, id: string, settings: object): Promise<BotChangeReport> => {
    command(text)
    if ('confirm' in settings && settings.confirm === 'soon')
      throw new ConfigError([{ path: 'confirm', expected: "a duration such as '5m'", received: '"soon"' }])
    const changes = Object.entries(settings).map(([path, after]) => ({ path, before: null, after: after as never }))
    return { bot: handMadeBot(id, settings), changes, configHash: 'c0ffee', warnings: [] }
  }
  const notShown = (name: string) => (): never => {
    throw new Error(`the fake engine has no ${name}()`)
  }
  return {
    commands,
    asked,
    state$,
    fills$,
    alerts$,
    decisions$: NEVER,
    orders$,
    positions$: NEVER,
    finished: new Promise(() => undefined),
    show: (state) => state$.next(state),
    order: (order) => orders$.next(order),
    fill: (fill) => fills$.next(fill),
    alert: (alert) => alerts$.next(alert),
    failWith: (error) => {
      failure = error
    },
    state: () => state$.value,
    async emergencyStop(options) {
      command(`emergencyStop ${JSON.stringify(options)}`)
      state$.next({ ...state$.value, tradingState: 'halted', tradingStateReason: 'Emergency stop: nothing leaves but cancels and an explicit flatten.' })
      return { gateClosedAtMs: at(61.234), cancelled: ['0a1b', '2c3d'], unresolved: ['4e5f'] }
    },
    async rearm() {
      command('rearm')
      state$.next({ ...state$.value, tradingState: 'active', tradingStateReason: undefined })
    },
    reconcile: notShown('reconcile'),
    start: notShown('start'),
    stop: notShown('stop'),
    patchLimits: notShown('patchLimits'),
    resetBreaker: notShown('resetBreaker'),
    bots: () => ({ hash: 'c0ffee', configuredHash: 'c0ffee', bots: state$.value.bots.map(({ id }) => handMadeBot(id, {})) }),
    addBot: (settings) => changed(`addBot ${JSON.stringify(settings)}`, 'fresh', {}),
    editBot: (id, settings) => changed(`editBot ${id} ${JSON.stringify(settings)}`, id, settings as object),
    retireBot: (id, options) => changed(`retireBot ${id} ${JSON.stringify(options)}`, id, { retire: true }),
    flatten: notShown('flatten'),
    explain,
    analytics: () => handMadeAnalytics(state$.value),
    limits: () => ({ hash: 'c0ffee', configuredHash: 'c0ffee', limits: { account: {}, breakers: {}, bots: {} } }),
    planTrade: (wish) => handMadePlan(botOf(wish.botId), wish, state$.value.nowMs),
    chart: (botId) => Promise.resolve(handMadeChart(botOf(botId), state$.value.nowMs)),
    read: ({ types = [], afterSeq = 0 }) => [handMadeConfig, ...handMadeEntries].filter(({ seq, type }) => seq > afterSeq && types.includes(type)),
    rows: () => [],
    pause: (botId) => setPaused(botId, true),
    resume: (botId) => setPaused(botId, false),
    summary: notShown('summary'),
    timings: notShown('timings'),
    deposit: notShown('deposit'),
    withdraw: notShown('withdraw'),
    trade: notShown('trade'),
    on: notShown('on'),
  }
}

const handMadeBot = (id: string, edited: object): BotInForce => ({
  id,
  config: { confirmMs: 300_000, actionThreshold: 0.1 },
  added: false,
  edited: edited as BotInForce['edited'],
})

const handMadeConfig: JournalEntry = {
  seq: 1,
  atMs: at(-5400),
  type: 'configInForce',
  v: 1,
  data: { hash: 'c0ffee', config: { defaults: { timeframe: '1m' }, bots: [{ id: 'btc', instrument: 'BTC-USD' }] } },
  hash: 'c0ffee',
}

const entry = (seq: number, atMs: EpochMs, type: JournalEntry['type'], data: JournalEntry['data'], botId?: string): JournalEntry => ({
  seq,
  atMs,
  type,
  v: 1,
  data,
  hash: 'c0ffee',
  ...(botId === undefined ? {} : { botId }),
})
const handMadeEntries: readonly JournalEntry[] = [
  entry(9, at(-1860), 'command', { kind: 'pause', payload: null }),
  entry(10, at(-1800), 'intent', { side: 'buy', quoteSize: '9.99', instrument: 'SOL-USD', source: 'weighted-signals' }, 'sol'),
  entry(11, at(-1800), 'orderEvent', { state: 'filled' }, 'sol'),
  entry(12, at(-1799), 'fill', { side: 'buy', quantity: '0.0531', instrument: 'SOL-USD', price: '186.44' }, 'sol'),
]

const pairs: readonly (readonly [instrument: string, price: number, decimals: number])[] = [
  ['BTC-USD', 91_234.56, 2],
  ['ETH-USD', 3_120.44, 2],
  ['SOL-USD', 187.21, 2],
  ['XRP-USD', 2.8714, 4],
  ['DOGE-USD', 0.26143, 5],
  ['AVNT-USD', 1.0342, 4],
  ['AERO-USD', 1.18244, 5],
  ['SUI-USD', 3.4121, 4],
  ['AVAX-USD', 29.845, 3],
  ['TOSHI-USD', 0.0007213, 7],
  ['PENGU-USD', 0.031245, 6],
]

export const aFill: FillRecord = {
  fillId: 'f-1',
  clientOrderId: '5f3c0b8e-0000-4000-8000-000000000001',
  botId: 'sol',
  instrument: 'SOL-USD',
  side: 'buy',
  price: '186.44',
  quantity: '0.0531',
  value: '9.899964',
  feeAmount: '0.089099676',
  feeCurrency: 'USD',
  realizedPnl: '0',
  source: 'weighted-signals',
  atMs: at(-1800),
}
export const aSale: FillRecord = {
  ...aFill,
  fillId: 'f-2',
  botId: 'toshi',
  instrument: 'TOSHI-USD',
  side: 'sell',
  price: '0.0007391',
  quantity: '14285',
  value: '10.55804350',
  feeAmount: '0.0950223915',
  realizedPnl: '0.33412',
  source: 'takeProfit',
  atMs: at(-45),
}
export const anAlert: Alert = { code: 'STALE_DATA', severity: 'warning', detail: 'AERO-USD: no price for 4 min; entries wait', botId: 'aero', atMs: at(-200) }

const flat = (botId: string, instrument: string): BotState['position'] => ({
  botId,
  instrument,
  status: 'closed',
  quantity: '0',
  averageEntry: undefined,
  cost: '0',
  realizedPnl: '0',
  unrealizedPnl: '0',
  tranches: [],
})

const component = (name: string, score: number, weight: number, reading: number, reason: string) => ({ name, score, weight, reading, reason })

function plainBot(index: number, tick: number): BotState {
  const [instrument, price, priceDecimals] = pairs[index]!
  const id = instrument.slice(0, -4).toLowerCase()
  const wave = Math.sin(tick / 7 + index)
  const score = (Math.round(wave * 40) + 0) / 100
  return {
    id,
    instrument,
    timeframeMs: 60_000,
    paused: false,
    price: price * (1 + wave / 400),
    priceAtMs: at(tick - 2),
    priceAgeMs: 2000,
    priceDecimals,
    score,
    components: [
      component('rsi', (Math.round(wave * 55) + 0) / 100, 0.4, 50 - wave * 22, `RSI ${(50 - wave * 22).toFixed(1)}`),
      component('ma', (Math.round(wave * 18) + 0) / 100, 0.35, wave, `12/26 separation ${wave.toFixed(2)} %`),
      component('macd', (Math.round(wave * 70) + 0) / 100, 0.25, wave * 4, 'above its signal line'),
    ],
    temperature: Math.abs(score) >= 0.3 ? 'hot' : Math.abs(score) >= 0.15 ? 'warm' : Math.abs(score) >= 0.05 ? 'cool' : 'frozen',
    action: score >= 0.1 ? 'buy' : score <= -0.1 ? 'sell' : 'hold',
    outcome: 'hold',
    confirmation: { side: undefined, sinceMs: undefined, requiredMs: 300_000, progress: 0 },
    readiness: { canTrade: true, atMs: at(tick), blockers: [] },
    blocker: undefined,
    position: flat(id, instrument),
    realizedPnl: '0',
    unrealizedPnl: '0',
    fees: '0',
    workingOrder: undefined,
    lastFill: undefined,
    tradesToday: 0,
  }
}

/** The level's blocker as the readiness shows it: with what would end it. */
const standing = ({ sinceMs: _, ...blocker }: Blocker): ReadinessBlocker => ({
  gate: blocker.code === 'CONFIRMATION' ? 'confirmation' : blocker.code === 'COOLDOWN' ? 'cooldown' : 'engine',
  ...blocker,
  needs: blockerNeeds(blocker.code),
  needed:
    blocker.untilMs === undefined
      ? undefined
      : {
          gate: 'cooldown',
          code: blocker.code,
          what: 'time',
          from: startMs,
          to: blocker.untilMs,
          by: blocker.untilMs - startMs,
          unit: 'ms',
          relative: (blocker.untilMs - startMs) / startMs,
        },
})

/** Two rules more that would hold the bot in its cooldown back. */
const also: readonly ReadinessBlocker[] = [
  {
    gate: 'price-step',
    code: 'PRICE_STEP',
    margin: -0.0021,
    unit: 'fraction',
    detail: 'the price is 0.59 % from the last fill, the step is 0.8 %',
    needs: blockerNeeds('PRICE_STEP'),
    needed: { gate: 'price-step', code: 'PRICE_STEP', what: 'price', from: 187.54, to: 187.94, by: 0.4, unit: 'price', relative: 0.4 / 187.54 },
  },
  {
    gate: 'balance',
    code: 'BALANCE',
    margin: -3.1,
    unit: 'quote',
    detail: '3.1 more cash would be needed; 1.9 is available, below the smallest trade of 5',
    needs: blockerNeeds('BALANCE'),
    needed: { gate: 'balance', code: 'BALANCE', what: 'available cash', from: 1.9, to: 5, by: 3.1, unit: 'quote', relative: 3.1 / 1.9 },
  },
]

/** Each of the eleven in a situation of its own, so that every look of a card is on the page. */
const situations: readonly ((bot: BotState, tick: number) => Partial<BotState> & { readonly canTrade?: false; readonly also?: readonly ReadinessBlocker[] })[] =
  [
    (bot, tick) => ({
      outcome: 'confirming',
      action: 'buy',
      score: 0.22,
      temperature: 'warm',
      confirmation: { side: 'buy', sinceMs: at(-120), requiredMs: 300_000, progress: Math.min(1, 0.4 + tick / 300) },
      blocker: { code: 'CONFIRMATION', margin: -180, unit: 's', sinceMs: at(-120), untilMs: at(180), detail: 'buy holds for 2 min of 5 min' },
    }),
    () => ({
      outcome: 'denied',
      action: 'buy',
      score: 0.11,
      temperature: 'cool',
      canTrade: false,
      confirmation: { side: 'buy', sinceMs: at(-400), requiredMs: 300_000, progress: 1 },
      blocker: { code: 'TEMPERATURE', margin: -0.04, unit: 'score', sinceMs: at(-100), detail: 'COOL (0.11) is below WARM (0.15)' },
    }),
    (bot) => ({
      position: {
        ...bot.position,
        status: 'building',
        quantity: '0.0531',
        averageEntry: '186.44',
        cost: '9.989063676',
        unrealizedPnl: '-0.0483',
        tranches: [{ trancheId: 't1', number: 1, entryPrice: '186.44', quantity: '0.0531', cost: '9.989063676', fees: '0.089099676', openedAtMs: at(-1800) }],
      },
      unrealizedPnl: '-0.0483',
      fees: '0.089099676',
      lastFill: aFill,
      tradesToday: 1,
      canTrade: false,
      outcome: 'denied',
      action: 'buy',
      blocker: { code: 'COOLDOWN', margin: -540, unit: 's', sinceMs: at(-1800), untilMs: at(540), detail: '15 min after the last fill, 9 min to go' },
      also,
    }),
    () => ({
      outcome: 'hold',
      action: 'sell',
      score: -0.34,
      temperature: 'hot',
      blocker: { code: 'NO_POSITION', margin: 0, unit: 'base', sinceMs: at(-60), detail: 'a sell signal with nothing to sell' },
    }),
    (bot) => ({
      outcome: 'orderOpen',
      action: 'buy',
      score: 0.41,
      temperature: 'hot',
      canTrade: false,
      workingOrder: {
        clientOrderId: '5f3c0b8e-0000-4000-8000-000000000002',
        venueOrderId: 'v-9',
        botId: bot.id,
        instrument: bot.instrument,
        side: 'buy',
        kind: 'open',
        origin: 'strategy',
        source: 'weighted-signals',
        type: 'market',
        quoteSize: '12.50',
        baseSize: undefined,
        state: 'partiallyFilled',
        filledQuantity: '21.4',
        averagePrice: '0.26150',
        reason: undefined,
        createdAtMs: at(-1),
        updatedAtMs: at(0),
      },
      blocker: { code: 'ORDER_OPEN', margin: -1, unit: 'order', sinceMs: at(-1), detail: 'a buy of 12.50 USD is at work' },
    }),
    () => ({
      outcome: 'warmingUp',
      score: undefined,
      components: [],
      temperature: 'frozen',
      action: 'hold',
      canTrade: false,
      blocker: { code: 'WARMING_UP', margin: -14, unit: 'candles', sinceMs: at(-600), detail: '14 more candles needed' },
    }),
    () => ({
      priceAgeMs: 245_000,
      priceAtMs: at(-245),
      outcome: 'denied',
      canTrade: false,
      blocker: { code: 'STALE_DATA', margin: -65, unit: 's', sinceMs: at(-65), detail: 'the last price is 4 min old, at most 3 min are allowed' },
    }),
    (bot) => ({
      position: {
        ...bot.position,
        status: 'open',
        quantity: '8.7',
        averageEntry: '3.3512',
        cost: '29.41782',
        unrealizedPnl: '0.263',
        tranches: [1, 2, 3].map((number) => ({
          trancheId: `t${number}`,
          number,
          entryPrice: '3.3512',
          quantity: '2.9',
          cost: '9.80594',
          fees: '0.0875',
          openedAtMs: at(-3600 * number),
        })),
      },
      unrealizedPnl: '0.263',
      realizedPnl: '-1.2',
      fees: '0.2624',
      tradesToday: 3,
      outcome: 'denied',
      canTrade: false,
      blocker: { code: 'MAX_TRANCHES', margin: 0, unit: 'tranches', sinceMs: at(-900), detail: '3 of 3 tranches are held' },
    }),
    () => ({
      paused: true,
      canTrade: false,
      outcome: 'denied',
      blocker: { code: 'BOT_PAUSED', margin: 0, unit: 'none', sinceMs: at(-50), detail: 'This bot is paused: exits only.' },
    }),
    (bot) => ({
      outcome: 'exit',
      action: 'hold',
      score: 0.02,
      temperature: 'frozen',
      lastFill: aSale,
      realizedPnl: '0.33412',
      fees: '0.1840',
      tradesToday: 2,
      position: { ...bot.position, status: 'reducing', quantity: '7142', averageEntry: '0.0007001', cost: '5.0451', unrealizedPnl: '0.0912' },
      unrealizedPnl: '0.0912',
    }),
    () => ({
      price: undefined,
      priceAtMs: undefined,
      priceAgeMs: undefined,
      score: undefined,
      components: [],
      temperature: 'frozen',
      action: 'hold',
      outcome: 'noData',
      canTrade: false,
      blocker: { code: 'NO_DATA', margin: 0, unit: '', sinceMs: at(-3600), detail: 'PENGU-USD has no data in this market' },
    }),
  ]

/** The state of a small, busy portfolio, `tick` seconds after the start. */
export function handMadeState(tick: number): EngineState {
  const bots = situations.map((situation, index) => {
    const bot = plainBot(index, tick)
    const { canTrade = true, also = [], ...shown } = situation(bot, tick)
    return { ...bot, ...shown, readiness: { canTrade, atMs: at(tick), blockers: [...(shown.blocker === undefined ? [] : [standing(shown.blocker)]), ...also] } }
  })
  return {
    environment: 'paper',
    tradingState: 'active',
    tradingStateReason: undefined,
    nowMs: at(tick),
    startedAtMs: at(-5400),
    market: { id: 'simulated', text: 'Simulated prices, seed 7, at the speed of the clock', notes: ['Coinbase could not be reached, so prices are simulated'] },
    quoteCurrency: 'USD',
    equity: `${1271.22 + tick / 10}000000000001`,
    cash: { total: '1221.80421', available: '1209.30421', reserved: '12.5' },
    coins: '49.42',
    realizedPnl: '-0.86588',
    unrealizedPnl: '0.3059',
    fees: '0.535499676',
    maxDrawdown: '4.11',
    today: { loss: 0.56, peakLoss: 1.93, trades: 6 },
    breakers: [],
    bots,
    lastFills: [aSale, aFill],
    alerts: [anAlert],
    lastSeq: 4211 + tick,
    journalHash: 'c0ffee',
  }
}

/** What the engine would say of a bot: an RSI that would have to be lower, 9 minutes of cooldown, 3.10 of balance. */
export function handMadeDecision(bot: BotState, timeMs: EpochMs): Decision {
  const change = (gate: string, code: string, what: string, from: number, to: number, unit: string) => ({
    gate,
    code,
    what,
    from,
    to,
    by: to - from,
    unit,
    relative: 0.1,
  })
  const strategy = change('strategy', 'HOLD', 'readings.rsi', 41.2, 30, 'reading')
  return {
    seq: 71,
    botId: bot.id,
    timeMs,
    outcome: bot.outcome,
    side: undefined,
    preview: false,
    configHash: 'c0ffee',
    score: bot.score ?? 0,
    temperature: bot.temperature,
    readings: { rsi: 41.2, macd: { macd: 1, signal: 2, histogram: -1 } },
    confirmation: { count: 0, required: 6, sinceMs: undefined },
    verdicts: [
      { ruleId: 'cooldown', kind: 'deny', code: 'COOLDOWN', margin: -540_000, untilMs: at(540), detail: '9 min of 15 min since the last fill are left' },
      { ruleId: 'balance', kind: 'reduce', code: 'BALANCE', margin: -3.1, maxQuoteAmount: 1.9, detail: '3.1 more cash would be needed; 1.9 is available' },
      { ruleId: 'trade-size', kind: 'allow', margin: 2.83 },
    ],
    blocker: bot.blocker,
    signal: { score: bot.score ?? 0, components: bot.components, reason: bot.components.map(({ reason }) => reason).join(' · ') },
    candles: 3,
    nearest: {
      changes: [strategy, change('cooldown', 'COOLDOWN', 'time', startMs, at(540), 'ms'), change('balance', 'BALANCE', 'available cash', 1.9, 5, 'quote')],
      others: [change('strategy', 'HOLD', 'readings.macd.histogram', -1, 2.5, 'reading')],
      stuck: bot.paused ? [{ gate: 'engine', code: 'BOT_PAUSED', needs: blockerNeeds('BOT_PAUSED') }] : [],
      flips: !bot.paused,
    },
  }
}
