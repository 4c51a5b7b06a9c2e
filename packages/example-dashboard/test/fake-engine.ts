import { BehaviorSubject, NEVER, Subject } from 'rxjs'
import { ConfigError, EngineError } from '@millrace/core'
import type { Alert, BotChangeReport, BotState, Decision, Engine, EngineState, EpochMs, FillRecord, OrderRecord } from '@millrace/core'
import { handMadeAnalytics, handMadeChart, handMadePlan } from './fake-records.ts'
import { handMadeDecision } from './hand-made-decision.ts'
import { at } from './hand-made-facts.ts'
import { handMadeBot, handMadeConfig, handMadeEntries } from './hand-made-journal.ts'
import { handMadeState } from './hand-made-state.ts'

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
