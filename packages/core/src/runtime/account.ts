import type { BotConfig } from '../contracts/bot-config.ts'
import type { FillRecord } from '../contracts/engine.ts'
import type { CandleEvent } from '../contracts/events.ts'
import type { SimulatedExchange } from '../contracts/exchange.ts'
import type { JournalEntry } from '../contracts/journal.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import { botProblems } from '../config/bot-problems.ts'
import { configOf } from '../config/config-of.ts'
import { accountDefaults } from '../config/defaults.ts'
import { EventLoop } from '../engine/event-loop.ts'
import { canonicalText } from '../engine/canonical.ts'
import { deterministicUuid, sha256Hex } from '../engine/hashing.ts'
import { TradingKernel } from '../engine/kernel.ts'
import { fillRecord } from '../engine/settle.ts'
import { bring, openCandle } from '../engine/take-candle.ts'
import { venueState } from '../engine/venue-state.ts'
import { defaultGrading } from '../ledger/analytics/grade.ts'
import type { Booking } from '../ledger/lots.ts'
import { ConfigError } from '../model/errors.ts'
import { currenciesOf } from '../model/instrument.ts'
import type { Json } from '../model/json.ts'
import type { Instrument } from '../model/instrument.ts'
import type { EpochMs } from '../model/time.ts'
import { breakerSettings } from '../safety/circuit-breakers.ts'
import type { BreakerOptions } from '../safety/circuit-breakers.ts'
import { strictSafety } from '../safety/strict-safety.ts'
import type { ApprovedIntent } from '../model/intent.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'

/** What bots of hand-made pipes share. */
export interface AccountOptions {
  readonly instruments: readonly Instrument[]
  readonly exchange: SimulatedExchange
  readonly bots: readonly BotConfig[]
  /** Rules for every bot of the account; `strictSafety()` when left out. */
  readonly safety?: readonly (SafetyRule | readonly SafetyRule[])[]
  /** Which lots a sale takes from; `fifo` when left out. */
  readonly booking?: Booking
  /** Thresholds of the circuit breakers; `breakerDefaults` when left out. */
  readonly breakers?: BreakerOptions
  /** Before the first candle. */
  readonly startMs: EpochMs
  /** False: nothing is written down, only the fast hash tells runs apart. Default true. */
  readonly journal?: boolean
  /** Given every journal entry, in order. */
  readonly onEntry?: (entry: JournalEntry) => void
  readonly onFill?: (fill: FillRecord) => void
}

/** One bot of an account, as the operators take it. */
export interface BotHandle {
  readonly id: string
  readonly account: Account
  /** @internal the bot's slots */
  readonly runtime: BotRuntime
  /** @internal what guard() let pass, for execute() */
  approved: ApprovedIntent | undefined
}

/**
 * Ledger, reservations, trading state and simulated venue that several bots share: what closes the loop when the stages are
 * put together by hand. Events must come in total order; the account settles each once, whichever bot sees it first.
 */
export class Account {
  readonly bots: readonly BotHandle[]
  readonly kernel: TradingKernel
  private readonly loop: EventLoop
  private current: CandleEvent | undefined
  private usable = false

  constructor(options: AccountOptions) {
    const safety = (options.safety ?? [strictSafety()]).flat()
    const problems = botProblems(options.bots, safety, [])
    if (problems.length > 0) throw new ConfigError(problems)
    const breakers = breakerSettings(options.breakers)
    const config = configOf(options.bots, safety, { booking: options.booking, breakers })
    const configHash = sha256Hex(canonicalText(config))
    this.kernel = new TradingKernel({
      environment: 'backtest',
      bots: options.bots,
      quoteCurrency: currenciesOf(options.bots[0]!.instrument).quote,
      accountSafety: safety,
      storeId: deterministicUuid('account', configHash),
      configHash,
      booking: options.booking ?? accountDefaults.booking,
      grading: defaultGrading,
      record: 'changes',
      staleMs: 30_000,
      breakers,
      instruments: options.instruments,
      journal: options.journal ?? true,
    })
    const venue = options.exchange.venue(options.instruments)
    this.loop = new EventLoop(this.kernel, venue, {
      commit: (entries) => {
        if (options.onEntry !== undefined) for (const entry of entries) options.onEntry(entry)
        return true
      },
      ...(options.onFill === undefined ? {} : { fill: (result, order) => options.onFill!(fillRecord(result, order)) }),
    })
    this.open(options, config)
    venue.resume(venueState(this.kernel))
    this.bots = this.kernel.state.bots.map((runtime) => ({ id: runtime.config.id, account: this, runtime, approved: undefined }))
  }

  bot(id: string): BotHandle {
    return this.bots[this.kernel.bot(id).index]!
  }

  /** Takes an event the way the engine does, through every bot. */
  step(event: CandleEvent): void {
    this.finish()
    this.loop.market(event, event.atMs)
  }

  /**
   * First stage of a bot's turn: the venue's answers, time and price, then the bot's own position.
   *
   * @returns true when the event is the bot's own closed candle
   */
  settle(bot: BotHandle, event: CandleEvent): boolean {
    if (event !== this.current) {
      this.finish()
      this.current = event
      this.loop.beforeMarket(event, event.atMs)
      this.kernel.state.sink = this.loop
      if (event.atMs > this.kernel.state.nowMs) this.kernel.advance(event.atMs)
      this.usable = openCandle(this.kernel.state, event) !== undefined
    }
    return this.usable && event.instrument === bot.runtime.config.instrument && bring(this.kernel.state, bot.runtime, event)
  }

  /** Ends the event at hand: its orders leave. Done by the next event; call it after the last one. */
  finish(): void {
    if (this.current === undefined) return
    const { atMs } = this.current
    this.current = undefined
    this.kernel.endStep()
    this.loop.finishStep(atMs)
  }

  /** Ends a run: the last event's orders leave and held-back journal entries are written. */
  close(): void {
    this.finish()
    this.kernel.close(this.loop)
    this.loop.finishStep(this.kernel.state.nowMs)
  }

  /** Head of the journal's hash chain, or the fast hash when nothing is written down. */
  get journalHash(): string {
    return this.kernel.journalHash
  }

  /** Fast hash over levels and fills. */
  get hash(): string {
    return this.kernel.hash
  }

  private open(options: AccountOptions, config: Json): void {
    const { kernel } = this
    kernel.begin(options.startMs, this.loop)
    kernel.record('runStarted', undefined, {
      environment: 'backtest',
      bots: options.bots.map(({ id, instrument, timeframeMs }) => ({ id, instrument, timeframeMs })),
    })
    kernel.record('configInForce', undefined, {
      hash: kernel.state.settings.configHash,
      config: config as never,
      booking: kernel.state.settings.booking,
      grading: defaultGrading,
    })
    for (const [currency, amount] of Object.entries(options.exchange.startingCash))
      kernel.record('adjustment', undefined, { kind: 'deposit', currency, amount, reason: 'starting cash' })
    kernel.openDay()
    kernel.refresh()
    kernel.state.gateOpen = true
    this.loop.finishStep(options.startMs)
  }
}

/** Makes an account for a pipeline put together by hand; the pipe stands at {@link computeIndicators}. */
export const createAccount = (options: AccountOptions): Account => new Account(options)
