import type { FillRecord } from '../contracts/engine.ts'
import { botProblems } from '../config/bot-problems.ts'
import { configOf } from '../config/config-of.ts'
import { accountDefaults } from '../config/defaults.ts'
import { canonicalText } from '../engine/canonical.ts'
import { EventLoop } from '../engine/event-loop.ts'
import { deterministicUuid, sha256Hex } from '../engine/hashing.ts'
import { TradingKernel } from '../engine/kernel.ts'
import { fillRecord } from '../engine/settle.ts'
import { venueState } from '../engine/venue-state.ts'
import { gradingSchema } from '../ledger/analytics/grade.ts'
import type { Decision } from '../model/decision.ts'
import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import { currenciesOf } from '../model/instrument.ts'
import type { Instrument } from '../model/instrument.ts'
import { parseParams } from '../model/params.ts'
import type { EpochMs } from '../model/time.ts'
import type { CandleMerge } from '../pipeline/candle-cursor.ts'
import type { IntrabarOrder } from '../pipeline/pipeline-host.ts'
import { breakerSettings } from '../safety/circuit-breakers.ts'
import { strictSafety } from '../safety/strict-safety.ts'
import { paper } from '../simulation/paper.ts'
import type { PaperOptions } from '../simulation/paper.ts'
import { coinbaseInstrument } from '../simulation/products.ts'
import { EquityRecorder } from './equity-recorder.ts'
import { mergeSeries } from './merge-series.ts'
import type { BacktestOptions } from './options.ts'
import { prepareCandles } from './prepare-candles.ts'
import type { PreparedCandles } from './prepare-candles.ts'
import { warmUpFrom } from './warm-up-from.ts'

/** Candles between two looks at progress and signal. */
const SLICE = 16_384

/** A backtest that can be advanced a part at a time: kernel and simulated venue over prepared candles, without a store. */
export class BacktestRun {
  readonly options: BacktestOptions
  readonly kernel: TradingKernel
  readonly prepared: PreparedCandles
  readonly recorder: EquityRecorder
  readonly fills: FillRecord[] = []
  readonly decisions: Decision[] = []
  orders = 0
  candles = 0
  engineMs = 0
  private readonly loop: EventLoop
  private readonly merge: CandleMerge
  private readonly wallMs: () => number
  private lastMs = 0 as EpochMs

  /** @throws ConfigError with every problem found */
  constructor(options: BacktestOptions, intrabar?: IntrabarOrder) {
    this.options = options
    const { kernel, prepared, instruments } = checked(options, intrabar)
    this.kernel = kernel
    this.prepared = prepared
    this.wallMs = options.wallMs ?? (() => 0)
    const exchange = paper(fillModelOf(options))
    const venue = exchange.venue(instruments)
    this.loop = new EventLoop(kernel, venue, {
      commit: () => true,
      order: (order) => {
        if (order.state === 'intent') this.orders++
      },
      fill: (result, order) => {
        this.fills.push(fillRecord(result, order))
      },
    })
    if (options.onDecision !== undefined || options.record !== undefined)
      this.loop.decision = options.onDecision ?? ((decision) => this.decisions.push(decision))
    const { startMs, series } = prepared
    kernel.begin(startMs, this.loop)
    for (const [currency, amount] of Object.entries(exchange.startingCash))
      kernel.record('adjustment', undefined, { kind: 'deposit', currency, amount, reason: 'starting cash' })
    warmUpFrom(kernel, prepared)
    kernel.openDay()
    kernel.refresh()
    kernel.state.gateOpen = true
    this.loop.finishStep(startMs)
    venue.resume(venueState(kernel))
    this.merge = mergeSeries(series, startMs)
    this.lastMs = startMs
    const { equity } = kernel.state.portfolio
    this.recorder = new EquityRecorder(startMs, equity, Math.min(...series.map(({ timeframeMs }) => timeframeMs)), benchmarkOf(kernel, equity))
  }

  /** Takes the next part of the candles; false when there are none left. */
  advance(): boolean {
    const { merge, loop, recorder, wallMs } = this
    const { state } = this.kernel
    const { endMs } = this.prepared
    const startedAt = wallMs()
    let left = SLICE
    for (; left > 0; left--) {
      const event = merge.next(endMs)
      if (event === undefined) break
      if (event.atMs !== this.lastMs) {
        if (this.candles > 0) recorder.observe(this.lastMs, state)
        this.lastMs = event.atMs
      }
      this.candles++
      loop.market(event, event.atMs)
    }
    this.engineMs += wallMs() - startedAt
    this.tell()
    return left === 0
  }

  /** Ends the run: the account is valued and the records are closed. */
  finish(): void {
    const startedAt = this.wallMs()
    this.kernel.close(this.loop)
    this.recorder.end(this.lastMs, this.kernel.state)
    this.engineMs += this.wallMs() - startedAt
  }

  /**
   * Tells progress and looks at the signal.
   *
   * @throws the reason of the signal when it is aborted
   */
  private tell(): void {
    const { onProgress, signal, wallMs } = this.options
    if (onProgress !== undefined) {
      const { total } = this.prepared
      const share = total === 0 ? 1 : this.candles / total
      const timed = wallMs !== undefined && this.engineMs > 0
      onProgress({
        atMs: this.lastMs,
        candles: this.candles,
        totalCandles: total,
        share,
        candleBotsPerSecond: timed ? (this.kernel.state.candleBots * 1000) / this.engineMs : undefined,
        leftMs: timed && share > 0 ? (this.engineMs * (1 - share)) / share : undefined,
      })
    }
    signal?.throwIfAborted()
  }
}

function checked(
  options: BacktestOptions,
  intrabar: IntrabarOrder | undefined,
): { readonly kernel: TradingKernel; readonly prepared: PreparedCandles; readonly instruments: readonly Instrument[] } {
  const instruments = options.instruments ?? instrumentsOf(options)
  const safety = (options.safety ?? [strictSafety()]).flat()
  const problems = [...botProblems(options.bots, safety, options.mayBlockExits ?? []), ...instrumentProblems(options, instruments)]
  const prepared = prepareCandles(options, problems)
  if (problems.length > 0) throw new ConfigError(problems)
  const grading = parseParams(gradingSchema, options.grading ?? {}, 'grading')
  const breakers = breakerSettings(options.breakers)
  const configHash = sha256Hex(canonicalText(configOf(options.bots, safety, { booking: options.booking, grading, breakers })))
  const kernel = new TradingKernel({
    environment: 'backtest',
    bots: options.bots,
    quoteCurrency: currenciesOf(options.bots[0]!.instrument).quote,
    accountSafety: safety,
    storeId: deterministicUuid('backtest', configHash, ...(options.seed === undefined ? [] : [String(options.seed)])),
    configHash,
    booking: options.booking ?? accountDefaults.booking,
    grading,
    record: options.record ?? 'changes',
    staleMs: 30_000,
    breakers,
    instruments,
    journal: false,
    intrabar,
  })
  return { kernel, prepared, instruments }
}

const instrumentsOf = ({ bots }: BacktestOptions): readonly Instrument[] =>
  [...new Set(bots.map((bot) => bot.instrument))].flatMap((id) => coinbaseInstrument(id) ?? [])

const instrumentProblems = ({ bots }: BacktestOptions, instruments: readonly Instrument[]): ConfigProblem[] =>
  bots.flatMap((bot, i) =>
    instruments.some(({ id }) => id === bot.instrument)
      ? []
      : [{ path: `bots[${i}].instrument`, expected: "an instrument whose rules are known; give others in 'instruments'", received: bot.instrument }],
  )

/** The options that are the exchange's, and no others: it refuses none that it does not know. */
export const fillModelOf = ({ cash, fees, latencyMs, slippageBps, spreadBps, volumeShare, priceProtection }: PaperOptions): PaperOptions => ({
  cash,
  ...(fees === undefined ? {} : { fees }),
  ...(latencyMs === undefined ? {} : { latencyMs }),
  ...(slippageBps === undefined ? {} : { slippageBps }),
  ...(spreadBps === undefined ? {} : { spreadBps }),
  ...(volumeShare === undefined ? {} : { volumeShare }),
  ...(priceProtection === undefined ? {} : { priceProtection }),
})

/** Equal parts of the money in every traded pair from its first price on; a part waits as cash until its pair has one. */
function benchmarkOf({ state }: TradingKernel, equity: number): () => number {
  const markets = [...new Set(state.bots.map((bot) => bot.market))]
  const part = equity / markets.length
  const first = new Map<object, number>()
  return () => {
    let sum = 0
    for (const own of markets) {
      const { price } = own.market
      if (!first.has(own) && price > 0) first.set(own, price)
      const bought = first.get(own)
      sum += bought === undefined ? part : (part * price) / bought
    }
    return sum
  }
}
