import type { BotConfig } from '../../contracts/bot-config.ts'
import type { CandleEvent, Command, Effect, KernelEvent, OrderEvent } from '../../contracts/events.ts'
import type { JournalEntry } from '../../contracts/journal.ts'
import { configOf } from '../../config/config-of.ts'
import { canonicalText } from '../../engine/canonical.ts'
import { EventLoop } from '../../engine/event-loop.ts'
import { deterministicUuid, sha256Hex } from '../../engine/hashing.ts'
import { TradingKernel } from '../../engine/kernel.ts'
import { defaultGrading } from '../../ledger/analytics/grade.ts'
import type { CandleColumns } from '../../model/candle.ts'
import { money } from '../../model/money.ts'
import { MINUTE_MS } from '../../model/time.ts'
import type { EpochMs } from '../../model/time.ts'
import { START_MS } from '../../backtest/backtest.fixture.ts'
import { breakerSettings } from '../../safety/circuit-breakers.ts'
import { coinbaseInstrument } from '../../simulation/products.ts'
import { createSimulatedVenue } from '../../simulation/simulated-venue/simulated-venue.ts'
import type { SimulatedVenueMachine } from '../../simulation/simulated-venue/simulated-venue.ts'
import type { EngineSettings } from '../engine-settings.ts'
import { recordRun } from '../recording/record-run.ts'

/** What is otherwise in a recorded run than in its backtest; minutes count from the start, by the candle that opens then. */
export interface Injected {
  /** What the run saw. */
  readonly columns?: CandleColumns
  /** How late the candle of a minute came, in ms. */
  readonly late?: Readonly<Record<number, number>>
  /** Candles that never came. */
  readonly missed?: readonly number[]
  /** Right after the candle of a minute. */
  readonly commands?: Readonly<Record<number, Command>>
  /** What the venue says in place of what a simulated one would; the count goes over its fills. */
  readonly answers?: (answer: OrderEvent, fills: number) => OrderEvent
  /** Coins that the bot holds at the start, bought for a dollar each. */
  readonly held?: string
}

export const CASH = '1000'
const sol = coinbaseInstrument('SOL-USD')!

/** A real venue in miniature: it answers when something reaches it, and what it says comes from outside. */
class FarVenue {
  private readonly machine: SimulatedVenueMachine
  private readonly change: NonNullable<Injected['answers']>
  private pending: OrderEvent[] = []
  private fills = 0

  constructor(machine: SimulatedVenueMachine, change: Injected['answers']) {
    this.machine = machine
    this.change = change ?? ((answer) => answer)
  }

  hear(event: KernelEvent | Effect, nowMs: EpochMs): void {
    for (const answer of this.machine.apply(event, nowMs)) {
      if (answer.type === 'fill') this.fills++
      this.pending.push(this.change(answer, this.fills))
    }
  }

  say(): readonly OrderEvent[] {
    const said = this.pending
    this.pending = []
    return said
  }
}

/** Lines of the recording of a run on a venue that answers from outside. */
export const recordedRun = (columns: CandleColumns, bots: readonly BotConfig[], injected: Injected = {}): string[] => runOf(columns, bots, injected).lines

/** The journal of the same run. */
export const journalledRun = (columns: CandleColumns, bots: readonly BotConfig[], injected: Injected = {}): JournalEntry[] =>
  runOf(columns, bots, injected).journal

/** Both of one run. */
export function runOf(columns: CandleColumns, bots: readonly BotConfig[], injected: Injected): { readonly lines: string[]; readonly journal: JournalEntry[] } {
  const lines: string[] = []
  const journal: JournalEntry[] = []
  const config = configOf(bots, [], { booking: undefined, grading: defaultGrading, breakers: breakerSettings() })
  const configHash = sha256Hex(canonicalText(config))
  const kernel = new TradingKernel({
    environment: 'paper',
    bots,
    quoteCurrency: 'USD',
    accountSafety: [],
    storeId: deterministicUuid('drift', configHash),
    configHash,
    booking: 'average',
    grading: defaultGrading,
    record: 'changes',
    staleMs: 120_000,
    breakers: breakerSettings(),
    instruments: [sol],
    journal: true,
  })
  const far = new FarVenue(createSimulatedVenue({ instruments: [sol], cash: {}, slippageBps: 0 }), injected.answers)
  const side = {
    apply: (event: KernelEvent | Effect, nowMs: EpochMs) => {
      if (event.type === 'submit' || event.type === 'cancel') far.hear(event, nowMs)
      return []
    },
    snapshot: () => null,
    restore: () => undefined,
  }
  const loop = new EventLoop(kernel, side, { commit: (entries) => journal.push(...entries) > 0 })
  loop.wall = true
  begin(kernel, loop, bots[0]!, injected.held)
  far.hear({ type: 'command', command: { kind: 'deposit', currency: 'USD', amount: '1000000', reason: 'enough' } }, START_MS as EpochMs)
  far.hear({ type: 'command', command: { kind: 'deposit', currency: 'SOL', amount: '1000000', reason: 'enough' } }, START_MS as EpochMs)
  const parts = { environment: 'paper', market: { id: 'fixture' }, exchange: { id: 'far' }, config, booking: 'average', grading: defaultGrading }
  const settings = { ...parts, breakers: breakerSettings(), staleMs: 120_000, record: 'changes' }
  recordRun({ write: (line) => lines.push(line), close: () => undefined }, settings as unknown as EngineSettings, loop)
  play(loop, far, injected.columns ?? columns, injected)
  loop.end()
  return { lines, journal }
}

function begin(kernel: TradingKernel, loop: EventLoop, bot: BotConfig, held: string | undefined): void {
  kernel.begin(START_MS as EpochMs, loop)
  kernel.record('runStarted', undefined, { environment: 'paper', bots: [{ id: bot.id, instrument: bot.instrument, timeframeMs: bot.timeframeMs }] })
  kernel.record('configInForce', undefined, { hash: kernel.state.settings.configHash, config: {}, booking: 'average', grading: defaultGrading })
  kernel.record('adjustment', undefined, { kind: 'deposit', currency: 'USD', amount: money(CASH), reason: 'starting cash' })
  kernel.openDay()
  kernel.refresh()
  kernel.state.gateOpen = true
  if (held !== undefined) buyBefore(kernel, bot, held)
  loop.finishStep(START_MS as EpochMs)
}

/** An order of an earlier run, filled in full. */
function buyBefore(kernel: TradingKernel, bot: BotConfig, held: string): void {
  const order = { clientOrderId: 'before', instrument: bot.instrument, side: 'buy' as const }
  const quantity = money(held)
  kernel.record('intent', bot.id, {
    ...order,
    intentNo: 1,
    kind: 'open',
    origin: 'strategy',
    source: 'timed',
    orderType: 'market',
    reserveCurrency: 'USD',
    reserveAmount: quantity,
    expectedPrice: '1' as never,
    score: 1 as never,
    temperature: 'warm' as never,
    configHash: kernel.state.settings.configHash,
    limitsHash: kernel.state.limitsHash,
    baseSize: quantity,
  })
  kernel.record('sent', bot.id, { clientOrderId: 'before' })
  const fee = { feeAmount: money('0'), feeCurrency: 'USD', liquidity: 'taker' as const }
  kernel.record('fill', bot.id, { ...order, ...fee, fillId: 'before', venueOrderId: 'before', price: money('1'), quantity, filledAtMs: START_MS })
  kernel.record('orderEvent', bot.id, { clientOrderId: 'before', state: 'filled', filledQuantity: quantity })
  kernel.refresh()
}

function play(loop: EventLoop, far: FarVenue, columns: CandleColumns, { late = {}, missed = [], commands = {} }: Injected): void {
  for (let row = 0; row < columns.length; row++) {
    const openTime = columns.openTime[row] as EpochMs
    const minute = (openTime - START_MS) / MINUTE_MS
    if (missed.includes(minute)) continue
    const candle = {
      openTime,
      open: columns.open[row]!,
      high: columns.high[row]!,
      low: columns.low[row]!,
      close: columns.close[row]!,
      volume: columns.volume[row]!,
    }
    const event: CandleEvent = { type: 'candle', instrument: sol.id, timeframeMs: MINUTE_MS, candle, closed: true, atMs: (openTime + MINUTE_MS) as EpochMs }
    const nowMs = (event.atMs + (late[minute] ?? 0)) as EpochMs
    far.hear(event, nowMs)
    for (const answer of far.say()) loop.outside({ type: 'order', event: answer }, nowMs)
    loop.market(event, nowMs)
    const command = commands[minute]
    if (command !== undefined) loop.command(command, nowMs)
  }
}

/** The fill model that the far venue has. */
export const venueOfBacktest = { slippageBps: 0 } as const
