import type { CandleEvent, KernelEvent } from '../contracts/events.ts'
import type { JournalEntry } from '../contracts/journal.ts'
import type { Kernel, KernelSink, KernelSnapshot } from '../contracts/kernel.ts'
import type { CandleColumns } from '../model/candle.ts'
import type { Decision } from '../model/decision.ts'
import { ConfigError, EngineError } from '../model/errors.ts'
import type { Instrument } from '../model/instrument.ts'
import { toFloat } from '../model/money.ts'
import { utcDayStart } from '../model/time.ts'
import type { EpochMs } from '../model/time.ts'
import { stepClosed, stepForming, stepPreview } from './bot-pipeline.ts'
import { MutableCandle, MutableView } from '../pipeline/views.ts'
import { Judge } from '../safety/judge.ts'
import { BotRuntime } from '../pipeline/bot-runtime.ts'
import { candleProblem } from './candle-check.ts'
import { runCommand } from './commands.ts'
import { InstrumentState } from '../pipeline/instrument-state.ts'
import { JournalWriter } from './journal/writer.ts'
import { KernelState } from './kernel-state.ts'
import type { KernelOutputs, KernelSettings } from './kernel-state.ts'
import { materialise } from './materialise.ts'
import { restoreKernel, snapshotKernel } from './kernel-snapshot.ts'
import { markBot, refreshAccount, refreshPosition, rollDay } from './portfolio.ts'
import { recover } from './recover.ts'
import { settle } from './settle.ts'

/** Preview evaluations stand on this grid of event time. */
const GRID_MS = 5_000
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
  /** Of the candle at hand: no part of it was seen before it closed. */
  inside = false

  constructor(options: KernelOptions) {
    this.state = new KernelState(options, options.journal ? new JournalWriter() : undefined, nowhere)
    for (const instrument of options.instruments) this.state.instruments.set(instrument.id, new InstrumentState<BotRuntime>(instrument))
    options.bots.forEach((_, index) => this.addBot(index, options))
    this.state.unrealized = new Float64Array(options.bots.length)
    if (options.bots.some((bot) => bot.on === 'update')) this.state.nextGridMs = 0
  }

  step(event: KernelEvent, nowMs: EpochMs, sink: KernelSink): void {
    const { state } = this
    state.sink = sink
    if (nowMs > state.nowMs) this.advance(nowMs)
    switch (event.type) {
      case 'candle': this.candle(event); break
      case 'order': settle(state, event.event); break
      case 'timer': this.timer(); break
      case 'quote': this.quote(event.instrument, event.bid, event.ask); break
      case 'command': runCommand(state, event.command); break
      case 'link': state.alert(`LINK_${event.event.type.toUpperCase()}`, event.event.type === 'ready' ? 'info' : 'warning', event.event.detail); break
      default: event satisfies never
    }
    state.endStep()
  }

  /** Rows from..to of closed candles of one instrument: the same step, one reused candle. */
  run(instrument: string, timeframeMs: number, columns: CandleColumns, from: number, to: number, sink: KernelSink): void {
    const candle = new MutableCandle()
    const event: { -readonly [K in keyof CandleEvent]: CandleEvent[K] } = { type: 'candle', instrument, timeframeMs, candle, closed: true, atMs: 0 as EpochMs }
    for (let i = from; i < to; i++) {
      candle.openTime = columns.openTime[i]! as EpochMs
      candle.open = columns.open[i]!
      candle.high = columns.high[i]!
      candle.low = columns.low[i]!
      candle.close = columns.close[i]!
      candle.volume = columns.volume[i]!
      event.atMs = (candle.openTime + timeframeMs) as EpochMs
      this.step(event, event.atMs, sink)
    }
  }

  /** Feeds candles of before the start to a bot's indicators: nothing is decided, nothing is written. */
  warmUp(botId: string, columns: CandleColumns): void {
    const bot = this.bot(botId)
    const candle = new MutableCandle()
    for (let i = 0; i < columns.length; i++) {
      candle.openTime = columns.openTime[i]! as EpochMs
      candle.open = columns.open[i]!
      candle.high = columns.high[i]!
      candle.low = columns.low[i]!
      candle.close = columns.close[i]!
      candle.volume = columns.volume[i]!
      for (const indicator of bot.closeIndicators) indicator.update(candle.close)
      for (const indicator of bot.candleIndicators) indicator.update(candle)
      bot.window.push(candle)
      bot.samples++
    }
  }

  /** Writes entries outside of an event: the start of a run, its configuration, deposits, a reconciliation. */
  record: KernelState['record'] = (type, botId, data) => this.state.record(type, botId, data)

  /** Sets time and sink for `record` calls outside of `step`; the day is not looked at until {@link openDay}. */
  begin(nowMs: EpochMs, sink: KernelSink): void {
    this.state.sink = sink
    if (nowMs > this.state.nowMs) this.state.nowMs = nowMs
  }

  /** Refreshes every mirror from the ledger: after `record` calls that moved money. */
  refresh(): void {
    for (const bot of this.state.bots) refreshPosition(this.state, bot)
    refreshAccount(this.state)
    for (const bot of this.state.bots) if (bot.view.position.open && bot.market.market.price > 0) markBot(this.state, bot)
  }

  /** Folds a stored journal: the way every start begins. */
  recover(entries: Iterable<JournalEntry>): void {
    recover(this.state, entries)
    this.refresh()
  }

  /** Writes level edges that a backtest still holds back. */
  flush(sink: KernelSink): void {
    this.state.sink = sink
    this.state.flushEdges()
  }

  explain(botId: string): Decision {
    const bot = this.bot(botId)
    const { judged } = bot.frame
    // Asked between events: the view has moved on, so the rules look at the entry the bot would make now.
    bot.frame.judged = false
    const decision = materialise(this.state, bot)
    bot.frame.judged = judged
    return decision
  }

  /** Everything as plain data; the venue's state is not in it. */
  snapshot(): KernelSnapshot {
    return snapshotKernel(this.state)
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

  private addBot(index: number, options: KernelOptions): void {
    const { state } = this
    const config = options.bots[index]!
    const market = state.instruments.get(config.instrument)
    if (market === undefined) throw new ConfigError([{ path: `bots[${index}].instrument`, expected: `an instrument of this market (${[...state.instruments.keys()].join(', ')})`, received: config.instrument }])
    const view = new MutableView(state.cash, market.market, state.portfolio)
    const minQuote = toFloat(market.instrument.minQuote)
    const rules = [...config.safety, ...options.accountSafety]
    const makeJudge = (): Judge => new Judge(rules, { minQuote, onRuleError: (rule, error) => state.alert('RULE_FAILED', 'critical', `${rule.id}: ${error instanceof Error ? error.message : String(error)}`, config.id) })
    const bot = new BotRuntime(index, config, market, view, makeJudge)
    market.bots.push(bot)
    state.bots.push(bot)
    state.botsById.set(config.id, bot)
  }

  advance(nowMs: EpochMs): void {
    const { state } = this
    state.nowMs = nowMs
    if (!(nowMs >= state.nextDayMs)) return
    rollDay(state, utcDayStart(nowMs))
    state.sink.effect({ type: 'wakeAt', atMs: state.nextDayMs as EpochMs })
  }

  private candle(event: CandleEvent): void {
    const market = this.openCandle(event)
    if (market === undefined) return
    const { bots } = market
    for (let i = 0; i < bots.length; i++) {
      const bot = bots[i]!
      if (this.bring(bot, event)) stepClosed(this.state, bot, event.candle, this.inside)
    }
  }

  /**
   * Takes a candle's price and moves time to it. The bots are stepped after it: by `step`, or one by one by the public operators.
   *
   * @returns undefined when the candle is not of this kernel's instruments or not usable
   */
  openCandle(event: CandleEvent): InstrumentState<BotRuntime> | undefined {
    const { state } = this
    const market = state.instruments.get(event.instrument)
    if (market === undefined) return undefined
    const { candle } = event
    const problem = candleProblem(candle)
    if (problem !== undefined) {
      state.alert('BAD_CANDLE', 'warning', `${event.instrument}: ${problem}; the candle was dropped`)
      return undefined
    }
    // Nothing newer than its open was seen: the way of the price inside this candle is still to be looked at.
    this.inside = event.closed && candle.openTime >= market.lastMs
    market.previousPrice = Number.isNaN(market.market.price) ? candle.open : market.market.price
    market.market.price = candle.close
    market.market.dataAgeMs = state.nowMs - event.atMs
    market.lastMs = event.atMs
    return market
  }

  /**
   * Brings one bot to the candle of {@link openCandle}: values its position, and on anything but its own closed candle runs its exits.
   *
   * @returns true when the candle is the bot's own, closed: its stages are to be run
   */
  bring(bot: BotRuntime, event: CandleEvent): boolean {
    const { state, inside } = this
    const { candle } = event
    bot.view.nowMs = state.nowMs
    bot.view.candle = candle
    if (bot.preview !== undefined && event.timeframeMs <= bot.config.timeframeMs) bot.preview.forming.update(candle)
    if (bot.view.position.open) {
      markExtremes(bot, candle, inside)
      markBot(state, bot)
    }
    if (event.closed && event.timeframeMs === bot.config.timeframeMs) return true
    if (!event.closed || event.timeframeMs < bot.config.timeframeMs) stepForming(state, bot, candle, inside)
    return false
  }

  private quote(instrument: string, bid: number, ask: number): void {
    const market = this.state.instruments.get(instrument)
    if (market === undefined) return
    if (!(bid > 0 && ask >= bid)) return this.state.alert('BAD_QUOTE', 'warning', `${instrument}: expected 0 < bid <= ask, received ${bid} and ${ask}; the quote was dropped`)
    market.market.bid = bid
    market.market.ask = ask
    market.market.spreadBps = (10_000 * (ask - bid)) / ((ask + bid) / 2)
    market.lastMs = this.state.nowMs
  }

  private timer(): void {
    const { state } = this
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
    state.sink.effect({ type: 'wakeAt', atMs: state.nextDayMs as EpochMs })
    if (Number.isNaN(state.nextGridMs)) return
    state.nextGridMs = Math.floor(state.nowMs / GRID_MS) * GRID_MS + GRID_MS
    state.sink.effect({ type: 'wakeAt', atMs: state.nextGridMs as EpochMs })
  }
}

/** The extremes since the entry. Of a forming candle only its last price is known to lie after the entry. */
function markExtremes(bot: BotRuntime, candle: { readonly high: number; readonly low: number; readonly close: number }, inside: boolean): void {
  const { position } = bot.view
  const high = inside ? candle.high : candle.close
  const low = inside ? candle.low : candle.close
  if (high > position.highestPrice) position.highestPrice = high
  if (low < position.lowestPrice) position.lowestPrice = low
}

