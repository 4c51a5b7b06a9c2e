import type { EngineState } from '../contracts/engine.ts'
import type { Command, MarketEvent } from '../contracts/events.ts'
import type { JournalEntry } from '../contracts/journal.ts'
import type { RunSummary } from '../contracts/run-summary.ts'
import type { Store } from '../contracts/store.ts'
import type { EventLoop, OrderSide } from '../engine/event-loop.ts'
import type { TradingKernel } from '../engine/kernel.ts'
import { runSummary } from '../engine/run-summary.ts'
import { errorText } from '../model/error-text.ts'
import { EngineError } from '../model/errors.ts'
import type { Instrument } from '../model/instrument.ts'
import type { EpochMs } from '../model/time.ts'
import { isSimulated, simulatedSide } from './account-side.ts'
import type { AccountSide } from './account-side.ts'
import { Asked } from './asked.ts'
import { closeAll } from './close-all.ts'
import type { EngineSettings } from './engine-settings.ts'
import type { EngineShell, Phase } from './engine-shell.ts'
import { engineState } from './engine-state.ts'
import { Checkpoints } from './explain/checkpoints.ts'
import { cancelOnly, isJournalFailure, latchInvariant } from './failed-run.ts'
import { guardedLogger } from './guarded-logger.ts'
import { JournalBuffer } from './journal-buffer.ts'
import type { LiveAccount } from './live/live-account.ts'
import { liveSide } from './live/live-side.ts'
import { MarketFeed } from './market-feed.ts'
import { openRun } from './open-run.ts'
import { Outputs } from './outputs.ts'
import { askStoreForPast } from './past-analytics.ts'
import type { AnalyticsOfStore } from './past-analytics.ts'
import { lastFillRows } from './recent-lists.ts'
import { recordRun } from './recording/record-run.ts'
import { runLoop } from './run-loop.ts'
import { RunMeter } from './run-meter.ts'
import { SerialQueue } from './serial-queue.ts'
import { StateTicker } from './state-ticker.ts'
import { Timings } from './timings.ts'
import { TradingGate } from './trading-gate.ts'
import { venueAt } from './venue-at.ts'
import { WakeTimer } from './wake-timer.ts'

/**
 * One run from its start to its end: opens the store, feeds the loop one event at a time, commits before effects and tells the outside after. All trading logic
 * is below, what can be asked and commanded beside; nothing here decides.
 */
export class EngineRun implements EngineShell {
  readonly settings: EngineSettings
  readonly outputs: Outputs
  readonly gate: TradingGate
  readonly feed: MarketFeed
  readonly times = new Timings()
  readonly checkpoints = new Checkpoints()
  phase: Phase = 'new'
  kernel!: TradingKernel
  loop!: EventLoop
  journal!: JournalBuffer
  store: Store | undefined
  past: AnalyticsOfStore | undefined
  live: LiveAccount | undefined
  private orders: OrderSide | undefined
  private readonly queue: SerialQueue
  private readonly asked = new Asked()
  private readonly alarm: WakeTimer
  private readonly ticker: StateTicker
  private readonly meter = new RunMeter()
  private startedAtMs = 0 as EpochMs
  private stopWanted = false
  /** `finished` has its answer. */
  private settled = false
  private readonly answer = Promise.withResolvers<RunSummary>()
  readonly finished = this.answer.promise

  constructor(settings: EngineSettings) {
    const warn = (detail: string): void => this.warnLater('LISTENER_FAILED', detail)
    const { logger } = settings
    this.settings = { ...settings, logger: logger && guardedLogger(logger, (detail) => this.phase === 'running' && (warn(detail), true)) }
    this.outputs = new Outputs(() => this.kernel, this.settings.logger, warn)
    this.queue = new SerialQueue(
      () => this.outputs.flush(),
      (error) => this.fail(error),
    )
    this.feed = new MarketFeed(settings.market, {
      take: (event) => this.queue.run(this.takeMarket, event),
      error: (error) => this.fail(error),
      complete: () => void this.endQuietly().catch((error: unknown) => this.fail(error)),
    })
    this.alarm = new WakeTimer(settings.clock, () => {
      if (this.phase === 'running') this.run(() => this.loop.advance(this.nowMs()))
    })
    this.ticker = new StateTicker(
      () => this.phase === 'running' && this.outputs.hub.state.isObserved,
      () => this.outputs.state(() => this.state()),
    )
    this.gate = new TradingGate(this)
    // Whoever awaits `finished` sees the failure; an engine nobody awaits must not kill the process by it.
    this.finished.catch(() => undefined)
  }

  async start(): Promise<void> {
    if (this.phase !== 'new') throw new EngineError('NOT_RUNNING', `expected an engine that was never started, this one is ${this.phase}; make a new one`)
    this.phase = 'starting'
    try {
      const run = await openRun(this.settings, this.wire, (instruments, kernel) => this.accountSide(instruments, kernel))
      // A failure between the answers of a venue has ended the run already.
      if (this.settled) await this.finished
      this.startedAtMs = run.startMs
      if (this.settings.recording !== undefined) recordRun(this.settings.recording, this.settings, this.loop)
      if (this.store !== undefined) this.outputs.recent.restore(lastFillRows(this.store))
      // After the recording, which takes all that is in memory along.
      this.past = askStoreForPast(this.store, this.kernel.state.durable)
      this.phase = 'running'
      this.outputs.open()
      this.outputs.flush()
      if (this.stopWanted) return this.end()
      this.feed.open(run.stream)
      if (this.phase !== 'running') return
      if (this.settings.market.nowMs !== undefined) this.ticker.startPulse()
      this.setAlarm()
      this.ticker.soon()
      this.gate.watch()
    } catch (error) {
      this.fail(error)
      // Whoever is told of the failure may end the process: what can still be cancelled is by then.
      await this.finished.catch(() => undefined)
      throw error
    }
  }

  async stop(): Promise<RunSummary> {
    if (this.phase === 'new') throw new EngineError('NOT_RUNNING', 'the engine was not started')
    this.stopWanted = true
    if (this.phase === 'running') await this.endQuietly()
    await this.settings.market.close()
    return this.finished
  }

  assertRunning(): void {
    if (this.phase !== 'running') throw new EngineError('NOT_RUNNING', `the engine is ${this.phase}`)
  }

  run(action: () => void): void {
    this.assertRunning()
    this.queue.run(() => {
      if (this.phase !== 'running') return
      action()
      this.setAlarm()
      this.ticker.soon()
    }, undefined)
  }

  ask<T>(action: () => T): Promise<T> {
    this.assertRunning()
    return this.asked.ask((turn) => this.run(turn), action)
  }

  command(command: Command): void {
    this.loop.command(command, this.nowMs())
  }

  nowMs(): EpochMs {
    const { nowMs } = this.kernel.state
    return this.settings.market.timeline === 'wall' ? (Math.max(nowMs, this.settings.clock.nowMs()) as EpochMs) : nowMs
  }

  /** Everything a page shows. */
  state(): EngineState {
    return engineState({ kernel: this.kernel, market: this.settings.market, startedAtMs: this.startedAtMs, recent: this.outputs.recent })
  }

  summary(): RunSummary {
    const { candles, engineMs } = this.meter
    return runSummary(this.kernel, { candles, orders: this.outputs.orders, fills: this.outputs.fills, engineMs })
  }

  /** Puts the parts of a run together, as soon as the store is read. */
  private readonly wire = (store: Store | undefined, kernel: TradingKernel, venue: OrderSide): EventLoop => {
    const { environment, at } = this.settings
    this.store = store
    this.kernel = kernel
    this.journal = new JournalBuffer(store, environment, this.times.commit)
    this.orders = at === undefined ? venue : venueAt(venue, at)
    this.loop = runLoop(this.settings, kernel, this.orders, { outputs: this.outputs, commit: (entries, sending) => this.commit(entries, sending) })
    return this.loop
  }

  private accountSide(instruments: readonly Instrument[], kernel: TradingKernel): AccountSide {
    if (isSimulated(this.settings.exchange)) return simulatedSide(this.settings.exchange.venue(instruments))
    const side = liveSide(this, kernel)
    this.live = side.account
    return side
  }

  /** One event in total order. In wall time `now` never goes back. */
  private readonly takeMarket = (event: MarketEvent): void => {
    if (this.phase !== 'running') return
    this.meter.event(event)
    const wall = this.settings.market.timeline === 'wall'
    const nowMs = wall ? this.nowMs() : event.atMs
    this.loop.decision = this.outputs.hub.decision.isObserved ? this.outputs.decision : undefined
    // A backtest ends by itself, and whoever wants to know runs it again.
    if (this.settings.environment !== 'backtest' && !wall) this.checkpoints.look(this.loop, this.feed.query, nowMs)
    this.loop.market(event, nowMs)
    this.setAlarm()
    this.ticker.soon()
  }

  /** What a real venue says comes in between events, also while the engine starts; afterwards nobody listens. */
  between(action: () => void): void {
    if (this.phase === 'running') return this.run(action)
    if (this.phase !== 'starting') return
    try {
      action()
    } catch (error) {
      this.fail(error)
    }
  }

  private commit(entries: readonly JournalEntry[], sending: boolean): boolean {
    if (!sending || !this.gate.haltRequested) return this.journal.append(entries, sending)
    this.journal.append(entries, false)
    return false
  }

  /** In wall time nobody else wakes the engine for what is due. */
  private setAlarm(): void {
    if (this.settings.market.timeline === 'wall') this.alarm.set(this.loop.nextMs)
  }

  private warnLater(code: string, detail: string): void {
    this.queue.later(() => {
      if (this.phase === 'running') this.loop.warn(code, detail, this.nowMs())
      else this.settings.logger?.error(`${code}: ${detail}`)
    })
  }

  /** Ends the run when no order is on its way out: what a real venue answers after the end nobody would write down before the next start. */
  private async endQuietly(): Promise<void> {
    if (this.live !== undefined) {
      this.queue.later(() => this.loop.outside({ type: 'account', event: { kind: 'gateShut', reason: 'the run ends', ending: true } }, this.nowMs()))
      await this.live.idle()
    }
    this.queue.later(() => this.end())
  }

  private end(): void {
    if (this.phase !== 'running') return
    this.phase = 'ending'
    try {
      this.meter.end()
      this.loop.end()
      this.journal.flush()
      this.outputs.flush()
      const summary = this.summary()
      this.outputs.state(() => this.state())
      this.close()
      this.settled = true
      this.answer.resolve(summary)
    } catch (error) {
      this.fail(error)
    }
  }

  fail(error: unknown): void {
    if (this.settled) return
    this.settled = true
    this.settings.logger?.error(errorText(error))
    latchInvariant(this, error)
    if (!isJournalFailure(error) || this.orders === undefined) return this.endFailed(error)
    this.phase = 'ending'
    this.feed.close()
    cancelOnly(this, this.orders, this.outputs, error, () => this.endFailed(error))
  }

  private endFailed(error: unknown): void {
    this.answer.reject(error)
    this.asked.refuse(error)
    try {
      this.close()
    } catch (closing) {
      this.settings.logger?.error(`closing failed too: ${errorText(closing)}`)
    }
  }

  private close(): void {
    if (this.phase === 'ended') return
    this.phase = 'ended'
    this.asked.refuse(new EngineError('NOT_RUNNING', 'the engine ended before it came to this'))
    closeAll([
      () => this.feed.close(),
      () => this.live?.close(),
      () => this.alarm.stop(),
      () => this.ticker.stop(),
      () => this.gate.unwatch(),
      () => this.settings.recording?.close(),
      () => this.past?.keep(),
      () => this.store?.close(),
      () => this.outputs.close(),
    ])
  }
}
