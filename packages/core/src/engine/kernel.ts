import type { CandleEvent, KernelEvent, QuoteEvent } from '../contracts/events.ts'
import type { JournalEntry } from '../contracts/journal.ts'
import type { Kernel, KernelSink, KernelSnapshot } from '../contracts/kernel.ts'
import type { JournalCheckpoint } from '../contracts/checkpoint.ts'
import type { CandleColumns } from '../model/candle.ts'
import type { Decision } from '../model/decision.ts'
import { EngineError } from '../model/errors.ts'
import type { Instrument } from '../model/instrument.ts'
import { utcDayStart } from '../model/time.ts'
import type { EpochMs } from '../model/time.ts'
import { stepClosed, stepPreview } from './bot-pipeline.ts'
import { MutableCandle } from '../pipeline/views.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { checkBreakers, resetQuietBreakers, scheduleReset } from './breakers.ts'
import { runCommand } from './commands.ts'
import { GRID_MS, startGrid } from './grid.ts'
import { InstrumentState } from '../pipeline/instrument-state.ts'
import { JournalWriter } from './journal/writer.ts'
import { KernelState } from './kernel-state.ts'
import type { KernelOutputs, KernelSettings } from './kernel-state.ts'
import { materialise } from './materialise.ts'
import { restoreKernel, snapshotForSecondRun, snapshotKernel } from './kernel-snapshot.ts'
import { isFinal } from './order-machine.ts'
import { takeKeptPatch } from './limits-in-force.ts'
import { markAll, rollDay } from './marking.ts'
import { refreshMirrors } from './portfolio.ts'
import { putBots } from './put-bot.ts'
import { lookAt } from './readiness.ts'
import { expireOrders, wakeForOrders } from './order-time-outs.ts'
import { adopt, dropChanges, recover } from './recover.ts'
import { settle } from './settle.ts'
import { resumeTrips, valueAccount } from './valuation.ts'
import { watchStale } from './stale-watch.ts'
import { bring, openCandle } from './take-candle.ts'
import { takeQuote } from './take-quote.ts'
import { warmUp } from './warm-up.ts'
import { takeAccount } from './take-account.ts'
import { takeLink } from './take-link.ts'
import { fillCandle } from '../pipeline/fill-candle.ts'

/** A grid point handled later than this is skipped, never made up. */
const GRID_TOLERANCE_MS = 2_500

export interface KernelOptions extends KernelSettings {
  readonly instruments: readonly Instrument[]
  /** False: nothing is written down and only the fast hash tells runs apart (backtests without a store). */
  readonly journal: boolean
}

const nowhere: KernelOutputs = { entry: () => undefined, effect: () => undefined }

/**
 * The synchronous, deterministic heart: takes one event at a time in total order and answers with journal entries and
 * effects through a sink. It knows no promise, no clock, no I/O.
 */
export class TradingKernel implements Kernel {
  readonly state: KernelState

  constructor(options: KernelOptions) {
    this.state = new KernelState(options, options.journal ? new JournalWriter() : undefined, nowhere)
    for (const instrument of options.instruments) this.state.instruments.set(instrument.id, new InstrumentState<BotRuntime>(instrument))
    putBots(this.state, options.bots)
  }

  step(event: KernelEvent, nowMs: EpochMs, sink: KernelSink): void {
    const { state } = this
    state.sink = sink
    if (nowMs > state.nowMs) this.advance(nowMs)
    switch (event.type) {
      case 'candle':
        this.candle(event)
        break
      case 'order':
        settle(state, event.event)
        break
      case 'timer':
        this.timer()
        break
      case 'quote':
        this.quote(event)
        break
      case 'command':
        runCommand(state, event.command)
        break
      case 'link':
        takeLink(state, event.event)
        break
      case 'account':
        takeAccount(state, event.event)
        break
      default:
        event satisfies never
    }
    this.endStep()
  }

  /** Ends an event: breakers are looked at, and what was held back is handed out. */
  endStep(): void {
    checkBreakers(this.state)
    this.state.endStep()
  }

  /** Rows from..to of closed candles of one instrument: the same step, one reused candle. */
  run(instrument: string, timeframeMs: number, columns: CandleColumns, from: number, to: number, sink: KernelSink): void {
    const candle = new MutableCandle()
    const event: { -readonly [K in keyof CandleEvent]: CandleEvent[K] } = { type: 'candle', instrument, timeframeMs, candle, closed: true, atMs: 0 as EpochMs }
    for (let i = from; i < to; i++) {
      fillCandle(candle, columns, i)
      event.atMs = (candle.openTime + timeframeMs) as EpochMs
      this.step(event, event.atMs, sink)
    }
  }

  /** Feeds candles of before the start to a bot: nothing is decided, nothing is written. */
  warmUp(botId: string, columns: CandleColumns): void {
    warmUp(this.state, this.bot(botId), columns)
  }

  /** Writes entries outside of an event: the start of a run, its configuration, deposits, a reconciliation. */
  record: KernelState['record'] = (type, botId, data) => this.state.record(type, botId, data)

  /** Sets time and sink for `record` calls outside of `step`; the day is not looked at until {@link openDay}. */
  begin(nowMs: EpochMs, sink: KernelSink): void {
    this.state.sink = sink
    if (nowMs > this.state.nowMs) this.state.nowMs = nowMs
  }

  /** Refreshes every mirror from the ledger: after `record` calls that moved money. May write that the day's loss limit is reached. */
  refresh(): void {
    refreshMirrors(this.state)
    markAll(this.state)
  }

  /** Folds a stored journal: the way every start begins. Nothing is valued yet, because nothing could be written down. */
  recover(entries: Iterable<JournalEntry>, from?: JournalCheckpoint, keepBotChanges = true): void {
    recover(this.state, entries, from, keepBotChanges)
    refreshMirrors(this.state)
    resumeTrips(this.state)
  }

  /** Tightens again what earlier runs tightened, unless the configured limits are others or it is to be forgotten. */
  takeKeptLimits(keep: boolean): void {
    takeKeptPatch(this.state, keep)
  }

  /** Asks again for the cancels of an emergency stop that were not proven when the last run ended. */
  cancelStopped(): void {
    const { durable } = this.state
    for (const order of durable.working.values()) if (order.intentNo <= durable.cancelUpTo && !isFinal(order.state)) this.state.cancel(order)
  }

  /** Writes down which bots were not taken up as earlier runs changed them. */
  takeKeptBots(): void {
    dropChanges(this.state)
  }

  /** Writes down which bots take over others. */
  adopt(): void {
    adopt(this.state)
  }

  /** Ends a run: values the account and writes the level edges that a backtest still holds back. */
  close(sink: KernelSink): void {
    this.state.sink = sink
    valueAccount(this.state)
    this.state.keepMarks()
    this.state.flushEdges()
  }

  explain(botId: string): Decision {
    const bot = this.bot(botId)
    const { judged } = bot.frame
    // Asked between events: the view has moved on, so the rules look at the entry the bot would make now.
    bot.frame.judged = false
    const decision = lookAt(this.state, bot, this.state.nowMs, () => materialise(this.state, bot))
    bot.frame.judged = judged
    return decision
  }

  /** Everything as plain data; the venue's state is not in it. */
  snapshot(): KernelSnapshot {
    return snapshotKernel(this.state)
  }

  /** What {@link restore} needs for a second run of what comes: of about the same size however long the run. */
  moment(): KernelSnapshot {
    return snapshotForSecondRun(this.state)
  }

  /** @throws EngineError `STORE_MISMATCH` on another version, configuration or set of bots */
  restore(snapshot: KernelSnapshot): void {
    restoreKernel(this.state, snapshot)
  }

  get journalHash(): string {
    return this.state.journal?.hash ?? this.hash
  }

  get hash(): string {
    return this.state.hash.hex
  }

  bot(botId: string): BotRuntime {
    const bot = this.state.botsById.get(botId)
    if (bot === undefined) throw new EngineError('UNKNOWN_BOT', `unknown bot ${JSON.stringify(botId)}: there are ${[...this.state.botsById.keys()].join(', ')}`)
    return bot
  }

  advance(nowMs: EpochMs): void {
    const { state } = this
    state.nowMs = nowMs
    if (nowMs >= state.nextValuationMs) valueAccount(state)
    if (nowMs >= state.nextDayMs) {
      rollDay(state, utcDayStart(nowMs))
      state.sink.effect({ type: 'wakeAt', atMs: state.nextDayMs as EpochMs })
    }
    if (nowMs >= state.nextBreakerMs) resetQuietBreakers(state)
  }

  private candle(event: CandleEvent): void {
    const { state } = this
    const market = openCandle(state, event)
    if (market === undefined) return
    const { bots } = market
    for (let i = 0; i < bots.length; i++) {
      const bot = bots[i]!
      if (!bring(state, bot, event)) continue
      state.candleBots++
      stepClosed(state, bot, event.candle, state.inside)
    }
  }

  private quote(event: QuoteEvent): void {
    const { instrument, bid, ask } = event
    const market = this.state.instruments.get(instrument)
    if (market === undefined) return
    if (!(bid > 0 && ask >= bid))
      return this.state.alert('BAD_QUOTE', 'warning', `${instrument}: expected 0 < bid <= ask, received ${bid} and ${ask}; the quote was dropped`)
    takeQuote(this.state, market, event)
  }

  private timer(): void {
    const { state } = this
    watchStale(state)
    expireOrders(state)
    if (Number.isNaN(state.nextGridMs) || state.nowMs < state.nextGridMs) return
    const grid = Math.floor(state.nowMs / GRID_MS) * GRID_MS
    state.nextGridMs = grid + GRID_MS
    state.sink.effect({ type: 'wakeAt', atMs: state.nextGridMs as EpochMs })
    if (state.nowMs - grid > GRID_TOLERANCE_MS) return
    for (const bot of state.bots) if (bot.preview !== undefined) this.previewBot(bot)
  }

  /** Fresh data only: a preview on an old price would be made up. */
  private previewBot(bot: BotRuntime): void {
    const { state } = this
    const age = state.nowMs - bot.market.lastMs
    if (age > state.settings.staleMs || bot.samples < bot.warmup || !bot.preview!.forming.covers(state.nowMs)) return
    bot.view.nowMs = state.nowMs
    bot.market.market.dataAgeMs = age
    stepPreview(state, bot)
  }

  /** Opens the UTC day when it is not open yet, and asks for the wake-ups that a run needs from its start. */
  openDay(): void {
    const { state } = this
    if (!(state.nowMs < state.nextDayMs)) rollDay(state, utcDayStart(state.nowMs))
    wakeForOrders(state)
    valueAccount(state)
    state.sink.effect({ type: 'wakeAt', atMs: state.nextDayMs as EpochMs })
    if (state.settings.environment !== 'backtest') {
      state.nextStaleMs = state.nowMs + state.settings.staleMs
      state.sink.effect({ type: 'wakeAt', atMs: state.nextStaleMs as EpochMs })
    }
    state.nextBreakerMs = Number.POSITIVE_INFINITY
    scheduleReset(state)
    startGrid(state)
  }
}
