import type { Decimal } from 'decimal.js'
import type { BotConfig } from '../contracts/bot-config.ts'
import type { StreamQuery } from '../contracts/market-source.ts'
import type { JournalTail, Store } from '../contracts/store.ts'
import { sha256Hex, deterministicUuid } from '../engine/hashing.ts'
import { canonicalText } from '../engine/canonical.ts'
import type { EventLoop, OrderSide } from '../engine/event-loop.ts'
import { TradingKernel } from '../engine/kernel.ts'
import { recordTail } from '../engine/tail-loss.ts'
import { checkFeasibility } from '../config/feasibility/check-feasibility.ts'
import type { FeasibilityReport } from '../config/feasibility/check-feasibility.ts'
import { forWantOfMoney } from '../config/feasibility/for-want-of-money.ts'
import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import { currenciesOf } from '../model/instrument.ts'
import { ONE, add, isPositive, money, multiply } from '../model/money.ts'
import type { Instrument } from '../model/instrument.ts'
import type { EpochMs } from '../model/time.ts'
import { isSimulated, moneyAtWork, startingCash } from './account-side.ts'
import type { AccountSide } from './account-side.ts'
import { lastCloseMs } from './change-bots.ts'
import { streamOf } from './market-feed.ts'
import type { EngineSettings } from './engine-settings.ts'

export interface OpenRun {
  readonly startMs: EpochMs
  readonly stream: StreamQuery
}

/** Entries read from the store at a time. */
const CHUNK = 5_000

/**
 * Start is recovery: open the store, fold its journal, note what is in force, reconcile, warm the indicators up, and only
 * then open the gate for orders.
 */
export async function openRun(
  settings: EngineSettings,
  wire: (store: Store | undefined, kernel: TradingKernel, orders: OrderSide) => EventLoop,
  makeSide: (instruments: readonly Instrument[], kernel: TradingKernel) => AccountSide,
): Promise<OpenRun> {
  const instruments = await settings.market.instruments()
  const cash = await startingCash(settings.exchange, currenciesOfBots(settings.bots))
  const simulated = isSimulated(settings.exchange)
  if (simulated) await refuseImpossible(settings, instruments, cash)
  // A store that lives on has an id of its own.
  const derivedId = settings.environment === 'backtest' || settings.store === undefined ? derivedIdOf(settings) : ''
  const account = await settings.exchange.account?.()
  const store = settings.store?.open({
    environment: settings.environment,
    ...(settings.environment === 'backtest' ? { storeId: derivedId } : {}),
    ...(account === undefined ? {} : { account }),
  })
  try {
    const kernel = makeKernel(settings, instruments, store?.identity.storeId ?? derivedId, store !== undefined)
    if (store !== undefined) recoverFrom(store, kernel, settings.keepBotChanges)
    const side = makeSide(instruments, kernel)
    const loop = wire(store, kernel, side.orders)
    const resumed = kernel.state.durable.environment !== undefined
    // What a real account has today may be less than what it works with: only the journal knows.
    if (!simulated) await refuseImpossible(settings, instruments, resumed ? cashAtWork(kernel) : cash, { mustStart: holdsSomething(kernel) })
    const keptMs = resumed ? kernel.state.durable.lastMs : undefined
    const startMs = startOf(settings, kernel, resumed)
    beginRun(settings, kernel, loop, { startMs, tail: store?.tail, ...(resumed ? {} : { cash }) })
    kernel.takeKeptBots()
    kernel.takeKeptLimits(settings.keepLimitPatches)
    kernel.refresh()
    await warmUp(settings, kernel, startMs)
    // After the prices: what a real venue tells may belong to a new day, which opens on them.
    const waits = await side.bringTogether(kernel, keptMs)
    // The day opens on prices: a position taken over has its value, so the loss is measured from what is, not from nothing.
    kernel.begin(startMs, loop)
    kernel.refresh()
    kernel.openDay()
    kernel.refresh()
    tellBehind(settings, kernel)
    kernel.cancelStopped()
    if (side.opensGate) kernel.state.gateOpen = true
    // Nobody shut it, so nobody was told: a run that does nothing has a reason for it.
    if (!kernel.state.gateOpen)
      kernel.state.alert('RECONCILING', 'warning', `nothing leaves yet: ${waits ?? 'the books are held against the venue’s once more'}`)
    loop.finishStep(startMs)
    const stream = { ...streamOf(kernel.state.bots), reuse: true }
    return { startMs, stream: resumed ? { ...stream, afterMs: startMs } : stream }
  } catch (error) {
    store?.close()
    throw error
  }
}

/** A backtest's ids follow from what it is, so that the same run writes the same bytes. */
const derivedIdOf = ({ market, config }: EngineSettings): string => deterministicUuid('backtest', market.id, sha256Hex(canonicalText(config)))

/** The quote currency, and the coins that bots trade. */
export const currenciesOfBots = (bots: readonly BotConfig[]): readonly string[] => [
  ...new Set(bots.flatMap(({ instrument }) => [currenciesOf(instrument).quote, currenciesOf(instrument).base])),
]

/** The kernel of a run, empty. */
export function makeKernel(settings: EngineSettings, instruments: readonly Instrument[], storeId: string, journal: boolean): TradingKernel {
  return new TradingKernel({
    environment: settings.environment,
    bots: settings.bots,
    plugins: settings.plugins,
    quoteCurrency: currenciesOf(settings.bots[0]!.instrument).quote,
    accountSafety: settings.safety,
    storeId,
    configHash: sha256Hex(canonicalText(settings.config)),
    booking: settings.booking,
    breakers: settings.breakers,
    grading: settings.grading,
    record: settings.record,
    staleMs: settings.staleMs,
    instruments,
    journal,
  })
}

const cashAtWork = ({ state }: TradingKernel): Readonly<Record<string, Decimal>> => {
  const { quoteCurrency } = state.settings
  return { [quoteCurrency]: moneyAtWork(state.durable.ledger, quoteCurrency) }
}

/** True when there is something to sell, or an order to look after. */
const holdsSomething = ({ state: { durable } }: TradingKernel): boolean =>
  durable.working.size > 0 || durable.ledger.botIds().some((botId) => isPositive(durable.ledger.position(botId).quantity))

/**
 * Before anything is written: what cannot be is refused with its reasons, what is unwise is said.
 *
 * @param options - `mustStart`: too little money for entries is no reason to leave what is held without its exits
 */
async function refuseImpossible(
  settings: EngineSettings,
  instruments: readonly Instrument[],
  cash: Readonly<Record<string, Decimal>>,
  { mustStart = false }: { readonly mustStart?: boolean } = {},
): Promise<void> {
  const { bots, safety, exchange, staleMs, environment, logger } = settings
  const fees = await exchange.feeRates()
  const check = (account: typeof cash): FeasibilityReport =>
    checkFeasibility({ bots, account: { cash: account, safety } }, instruments, fees, { staleMs, environment })
  const { problems, warnings } = check(cash)
  const { ofMoney, others } = mustStart ? forWantOfMoney(problems, (times) => check(richer(cash, times))) : { ofMoney: [], others: problems }
  if (others.length > 0) throw new ConfigError(others)
  const say = (what: string, { path, expected, received }: ConfigProblem): void => logger?.warn(`${what}: ${path}: expected ${expected}, received ${received}`)
  for (const problem of ofMoney) say('no entry for want of money', problem)
  for (const warning of warnings) say('unwise', warning)
}

const richer = (cash: Readonly<Record<string, Decimal>>, times: number): Readonly<Record<string, Decimal>> =>
  Object.fromEntries(Object.entries(cash).map(([currency, amount]) => [currency, multiply(add(amount, ONE), money(times))]))

function recoverFrom(store: Store, kernel: TradingKernel, keepBotChanges: boolean): void {
  const checkpoint = store.checkpoint?.()
  kernel.recover(storedEntries(store, checkpoint?.seq ?? 0), checkpoint, keepBotChanges)
}

function* storedEntries(store: Store, from: number) {
  for (let afterSeq = from; ;) {
    const entries = store.read({ afterSeq, limit: CHUNK })
    yield* entries
    if (entries.length < CHUNK) return
    afterSeq = entries[entries.length - 1]!.seq
  }
}

/** A market with its own time starts where it starts, or where the journal stopped; a live one starts now. */
function startOf(settings: EngineSettings, kernel: TradingKernel, resumed: boolean): EpochMs {
  const market = settings.market.timeline === 'event' ? (settings.market.startMs?.() ?? (0 as EpochMs)) : settings.clock.nowMs()
  return resumed ? (Math.max(market, kernel.state.durable.lastMs) as EpochMs) : market
}

/** A clock that was put right, or wrong, between two runs: by less than this nobody minds. */
const BEHIND_MS = 5_000

/** Time does not go back in a journal: it stands still until the clock has come to its end, and with it everything that waits for time to pass. */
function tellBehind({ market, clock }: EngineSettings, { state }: TradingKernel): void {
  const behindMs = market.timeline === 'wall' ? state.durable.lastMs - clock.nowMs() : 0
  if (behindMs <= BEHIND_MS) return
  state.alert(
    'CLOCK_BEHIND',
    'critical',
    `the journal ends ${Math.round(behindMs / 1_000)} s after the time of this machine: until then no cooldown ends, no order is taken back for its age, and silence is not noticed; set the clock right`,
  )
}

interface Beginning {
  readonly startMs: EpochMs
  readonly tail: JournalTail | undefined
  /** Of a first start. */
  readonly cash?: Readonly<Record<string, Decimal>>
}

function beginRun(settings: EngineSettings, kernel: TradingKernel, loop: EventLoop, { startMs, tail, cash }: Beginning): void {
  kernel.begin(startMs, loop)
  // A journal of which nothing is left begins anew, with the venue's balances: what led to them is in them.
  const keptMs = cash === undefined ? kernel.state.durable.lastMs : undefined
  kernel.record('runStarted', undefined, {
    environment: settings.environment,
    bots: kernel.state.bots.map(({ config: { id, instrument, timeframeMs } }) => ({ id, instrument, timeframeMs })),
  })
  recordTail(kernel.state, tail, keptMs)
  const { durable } = kernel.state
  const { booking, grading } = settings
  const same = durable.ledger.booking === booking && canonicalText(durable.analytics.grading) === canonicalText(grading)
  if (durable.configHash !== kernel.state.settings.configHash || !same)
    kernel.record('configInForce', undefined, { hash: kernel.state.settings.configHash, config: settings.config as never, booking, grading })
  kernel.adopt()
  for (const [currency, amount] of Object.entries(cash ?? {}))
    kernel.record('adjustment', undefined, { kind: 'deposit', currency, amount, reason: 'starting cash' })
}

/** Soft state is rebuilt from candles: enough of them that the readings no longer depend on where they began. */
async function warmUp(settings: EngineSettings, kernel: TradingKernel, startMs: EpochMs): Promise<void> {
  for (const bot of kernel.state.bots) {
    const { timeframeMs, instrument, id } = bot.config
    const toMs = lastCloseMs(startMs, timeframeMs)
    const columns = await settings.market.candles({ instrument, timeframeMs, fromMs: (toMs - bot.preloadCandles * timeframeMs) as EpochMs, toMs })
    kernel.warmUp(id, columns)
  }
}
