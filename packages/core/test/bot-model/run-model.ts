import { createEngine, memoryStore } from '@millrace/core'
import type { CandleEvent, Engine, EpochMs, Instrument, JournalEntry, LimitsPatch, MarketEvent, MarketSource, Store, StoreFactory } from '@millrace/core'
import { coinbaseInstrument } from '@millrace/core'
import { Subject } from 'rxjs'
import { DurableState } from '../../src/engine/durable-state.ts'
import { snapshotDurable } from '../../src/engine/durable-snapshot.ts'
import { decodeFacts } from '../../src/engine/journal/facts.ts'
import { TradingKernel } from '../../src/engine/kernel.ts'
import type { KernelOptions } from '../../src/engine/kernel.ts'
import { Books } from './books.ts'
import type { ModelCommand } from './commands.ts'
import { difference } from './difference.ts'
import { faultyExchange } from './faulty-venue.ts'
import { accountSafety, instruments, limits, modelBots, modelExchange } from './setup.ts'
import type { ModelInstrument } from './setup.ts'
import { insideOf } from '../inside-engine.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const START = Date.UTC(2026, 0, 1, 22) as EpochMs
/** Prices stay in a band, so that nothing that is bought is lost for good. */
const BAND = [70, 140] as const

interface Forming {
  open: number
  high: number
  low: number
  close: number
  volume: number
}

/** What a run saw, so that a test can tell whether it looked at anything. */
export type ModelFigures = Books['counts'] & { readonly commands: number; readonly entries: number; readonly restarts: number; readonly snapshots: number }

/**
 * Runs commands through the real engine, kernel, simulated venue, journal and store, and holds the model against them after each.
 *
 * @param foldEvery - commands between two looks at the whole journal
 * @throws Error that names the command after which something was wrong, and everything that was
 */
export async function runModel(commands: readonly ModelCommand[], foldEvery = 50, onCommand: (index: number) => void = () => undefined): Promise<ModelFigures> {
  const run = new ModelRun()
  await run.start()
  try {
    for (const [i, command] of commands.entries()) {
      onCommand(i)
      await run.take(command)
      run.look(`after command ${i + 1} of ${commands.length}, ${JSON.stringify(command)}`)
      if ((i + 1) % foldEvery === 0) run.lookAgain(`after command ${i + 1}`)
    }
    await run.settle()
    run.lookAgain('at the end')
    return { ...run.books.counts, commands: commands.length, entries: run.journal.length, restarts: run.restarts, snapshots: run.snapshots }
  } finally {
    await run.stop()
  }
}

class ModelRun {
  readonly bots = modelBots()
  readonly books = new Books(this.bots)
  readonly journal: JournalEntry[] = []
  restarts = 0
  snapshots = 0
  private readonly store = this.listening(memoryStore())
  private readonly exchange = faultyExchange(modelExchange())
  private readonly listed: readonly Instrument[] = instruments.map((id) => coinbaseInstrument(id)!)
  private readonly prices = new Map<ModelInstrument, number>([
    ['BTC-USD', 100],
    ['ETH-USD', 100],
  ])
  /** The minute that is under way, by instrument; empty before its first trade. */
  private readonly forming = new Map<ModelInstrument, Forming>()
  private readonly last = new Map<string, CandleEvent>()
  private minuteMs = START as number
  private heardMs = START as number
  private events = new Subject<MarketEvent>()
  private engine!: Engine
  /** Why the engine ended by itself. */
  private failure: unknown

  async start(): Promise<void> {
    this.events = new Subject()
    this.engine = createEngine({
      market: this.market(),
      exchange: this.exchange,
      store: this.store,
      bots: modelBots(),
      safety: accountSafety(),
      environment: 'paper',
    })
    this.engine.finished.catch((error: unknown) => {
      this.failure = error
    })
    await this.engine.start()
  }

  async stop(): Promise<void> {
    await this.engine.stop().catch(() => undefined)
  }

  async take(command: ModelCommand): Promise<void> {
    this.books.soldNow.clear()
    const { engine } = this
    switch (command.do) {
      case 'nothing':
        return
      case 'minute':
        return this.closeMinute(command.btc, command.eth, command.thin === true)
      case 'forming':
        return this.trade(command.seconds, command.btc, command.eth)
      case 'silence':
        return this.skip(this.minuteMs + command.minutes * MINUTE)
      case 'midnight':
        return this.skip(Math.ceil((this.minuteMs + 1) / DAY) * DAY)
      case 'quote':
        return this.quote(command.on === 'btc' ? 'BTC-USD' : 'ETH-USD', command.spread)
      case 'nonsense':
        return this.nonsense(command.what)
      case 'fault':
        return this.exchange.arm(command.what)
      case 'release':
        return this.exchange.release()
      case 'pause':
      case 'resume':
      case 'flatten':
        return engine[command.do](this.bots[command.bot]?.id)
      case 'emergencyStop':
        await engine.emergencyStop({ cancelOpenOrders: command.cancel })
        return
      case 'rearm':
        return engine.rearm()
      case 'limit':
        return this.patch(command.what, command.share)
      case 'restart':
        return this.restart()
      case 'snapshot':
        return this.goOnFromSnapshot()
      default:
        command satisfies never
    }
  }

  /** Holds the books against the engine. */
  look(when: string): void {
    if (this.failure !== undefined) throw new Error(`${when}: the engine ended`, { cause: this.failure })
    this.books.state(this.engine.state())
    const [breach] = this.books.breaches
    if (breach !== undefined) throw new Error(`${when}:\n${this.books.breaches.join('\n')}`)
  }

  /** Holds a fresh fold of the journal against the running kernel, and the ledger against itself. */
  lookAgain(when: string): void {
    const { durable } = insideOf(this.engine).kernel.state
    durable.ledger.assertBalanced()
    const folded = new DurableState()
    for (const { type, atMs, botId, data } of this.journal) folded.apply(type, atMs, botId, decodeFacts(type, data))
    const ids = this.bots.map(({ id }) => id)
    const differs = difference(plainDurable(durable, ids), plainDurable(folded, ids))
    if (differs !== undefined) throw new Error(`${when}: the engine and a fresh fold of its journal differ in ${differs}`)
    for (const { config, level, levelSinceMs } of insideOf(this.engine).kernel.state.bots) {
      // Nothing is said of a bot before its first evaluation after a start.
      if (level < 0) continue
      const shown = this.engine.state().bots.find(({ id }) => id === config.id)!
      const kept = folded.bot(config.id).level
      const [said, written] = [
        [shown.outcome, shown.blocker?.code ?? null, levelSinceMs],
        [kept?.outcome, kept?.code, kept?.sinceMs],
      ].map((each) => JSON.stringify(each))
      if (said !== written) throw new Error(`${when}: ${config.id} shows ${said}, its journal says ${written}`)
    }
  }

  /** Whatever went wrong, a person can end it: all answers arrive, the latch is released, everything is sold. */
  async settle(): Promise<void> {
    this.exchange.release()
    await this.engine.rearm()
    // What was lost on the way to the venue is found out by a restart.
    await this.restart()
    this.engine.pause()
    this.engine.flatten()
    for (let i = 0; i < 4; i++) this.closeMinute(0, 0, false)
    this.look('after everything was sold')
    if (!this.books.isFlat) throw new Error(`after everything was sold ${this.books.describe()}`)
  }

  private closeMinute(btc: number, eth: number, thin: boolean): void {
    this.move(btc, eth, thin ? 0.05 : 500)
    this.heardMs = this.minuteMs + MINUTE
    for (const id of instruments) this.push(id, true)
    this.forming.clear()
    this.minuteMs += MINUTE
  }

  /** Part of a minute; never earlier than what was heard before. */
  private trade(seconds: number, btc: number, eth: number): void {
    const atMs = Math.max(this.heardMs, this.minuteMs + seconds * 1_000)
    if (atMs >= this.minuteMs + MINUTE) return this.closeMinute(btc, eth, false)
    this.heardMs = atMs
    this.move(btc, eth, 50)
    for (const id of instruments) this.push(id, false)
  }

  private move(btc: number, eth: number, volume: number): void {
    for (const [id, thousandths] of [['BTC-USD', btc] as const, ['ETH-USD', eth] as const]) {
      const before = this.prices.get(id)!
      const wanted = Math.round(before * (1 + thousandths / 1_000) * 100) / 100
      const close = Math.min(BAND[1], Math.max(BAND[0], wanted))
      this.prices.set(id, close)
      const candle = this.forming.get(id) ?? { open: before, high: before, low: before, close: before, volume: 0 }
      this.forming.set(id, {
        open: candle.open,
        high: Math.max(candle.high, close),
        low: Math.min(candle.low, close),
        close,
        volume: candle.volume + volume,
      })
    }
  }

  private push(instrument: ModelInstrument, closed: boolean): void {
    const candle = { openTime: this.minuteMs as EpochMs, ...this.forming.get(instrument)! }
    const event: CandleEvent = { type: 'candle', instrument, timeframeMs: MINUTE, candle, closed, atMs: this.heardMs as EpochMs }
    this.books.soldNow.clear()
    this.events.next(event)
    if (closed) this.last.set(instrument, event)
    this.books.after(new Map([[instrument, candle.close]]))
    for (const id of this.books.mustSell(instrument, candle.close)) this.books.breaches.push(`${id} did not ask to sell at ${candle.close}, below its stop`)
  }

  /** Nothing is heard until a moment; the minute that was under way never ends. */
  private skip(toMs: number): void {
    this.forming.clear()
    this.minuteMs = toMs
    this.heardMs = Math.max(this.heardMs, toMs)
  }

  private quote(instrument: ModelInstrument, spread: number): void {
    const price = this.prices.get(instrument)!
    this.events.next({ type: 'quote', instrument, bid: price * (1 - spread / 10_000), ask: price * (1 + spread / 10_000), atMs: this.heardMs as EpochMs })
    this.books.after(new Map())
  }

  private nonsense(what: 'negative' | 'repeated'): void {
    const last = this.last.get('BTC-USD')
    if (last === undefined || this.heardMs > last.atMs) return
    this.events.next(what === 'repeated' ? last : { ...last, candle: { ...last.candle, close: -1 } })
    this.books.after(new Map())
  }

  /** Asks for a share of the configured limit, in tenths: taken when it is not above the one in force. */
  private async patch(what: keyof Books['inForce'], share: number): Promise<void> {
    const { inForce, counts } = this.books
    const wanted = Math.ceil((limits[what] * share) / 10)
    const bots = Object.fromEntries(this.bots.map(({ id }) => [id, { 'trade-size': { max: wanted } }]))
    const patches = {
      tradeMax: { bots },
      exposure: { account: { 'max-exposure': { limit: wanted } } },
      dailyTradesAccount: { account: { 'daily-trades-account': { limit: wanted } } },
    } satisfies Record<typeof what, LimitsPatch>
    const taken = await this.engine.patchLimits(patches[what]).then(
      () => true,
      () => false,
    )
    if (taken !== wanted <= inForce[what]) this.books.breaches.push(`${what} ${wanted} was ${taken ? 'taken' : 'refused'}, ${inForce[what]} is in force`)
    if (taken) inForce[what] = wanted
    counts[taken ? 'patches' : 'refusals']++
  }

  private async restart(): Promise<void> {
    await this.engine.stop()
    this.restarts++
    // A start knows the prices of closed candles only.
    for (const [instrument, { candle }] of this.last) this.books.prices.set(instrument, candle.close)
    await this.start()
    this.books.after(new Map())
  }

  private goOnFromSnapshot(): void {
    const inside = insideOf(this.engine)
    const { settings } = inside.kernel.state
    const options: KernelOptions = { ...settings, instruments: this.listed, bots: modelBots(), journal: true }
    const other = new TradingKernel(options)
    const snapshot = inside.kernel.snapshot()
    other.restore(JSON.parse(JSON.stringify(snapshot)) as typeof snapshot)
    const differs = difference(snapshot, other.snapshot())
    if (differs !== undefined) this.books.breaches.push(`a kernel and the one restored from its snapshot differ in ${differs}`)
    // Timers are effects of the past: the queue keeps them, whoever handles them.
    inside.kernel = other
    Object.assign(inside.loop, { kernel: other })
    this.snapshots++
  }

  /** A store that tells the books what it was given. */
  private listening(factory: StoreFactory): StoreFactory {
    return {
      open: (request) => {
        const store: Store = factory.open(request)
        return {
          ...store,
          append: (batch, guard) => {
            const result = store.append(batch, guard)
            if (result === 'ok')
              for (const entry of batch) {
                this.journal.push(entry)
                this.books.entry(entry)
              }
            return result
          },
        }
      },
    }
  }

  private market(): MarketSource {
    const events = this.events
    return {
      id: 'model',
      timeline: 'event',
      instruments: () => Promise.resolve(this.listed),
      // A start loads the last closed candle: enough for its price.
      candles: ({ instrument }) => {
        const last = this.last.get(instrument)?.candle
        const column = (name: 'openTime' | 'open' | 'high' | 'low' | 'close' | 'volume'): Float64Array =>
          Float64Array.from(last === undefined ? [] : [last[name]])
        const [openTime, open, high, low, close, volume] = (['openTime', 'open', 'high', 'low', 'close', 'volume'] as const).map(column)
        return Promise.resolve({ length: last === undefined ? 0 : 1, openTime: openTime!, open: open!, high: high!, low: low!, close: close!, volume: volume! })
      },
      stream: () => events,
      startMs: () => START,
      describe: () => ({ text: 'commands of a model', notes: [] }),
      close: () => Promise.resolve(),
    }
  }
}

/**
 * A durable state as plain data. A bot of which nothing is known yet is as good as one that is not there; levels and confirmations run in the bots themselves
 * and stand in the durable state for a restart only, as does the time of the last entry.
 */
function plainDurable(state: DurableState, botIds: readonly string[]): unknown {
  for (const id of botIds) state.bot(id)
  const { lastMs: _, ...plain } = snapshotDurable(state) as { readonly lastMs: number; readonly bots: readonly (readonly [string, object])[] }
  return { ...plain, bots: Object.fromEntries(plain.bots.map(([id, bot]) => [id, { ...bot, level: null, confirmation: null }])) }
}
