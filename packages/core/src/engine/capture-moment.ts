import type { OrderTimes } from '../contracts/bot-view.ts'
import type { AnyIndicator } from '../contracts/indicator.ts'
import type { SafetyRule, Situation } from '../contracts/safety-rule.ts'
import type { Change, StuckGate } from '../model/decision.ts'
import type { Intent } from '../model/intent.ts'
import { Few } from '../model/few.ts'
import { toFloat } from '../model/money.ts'
import { TimeRing } from '../model/time-ring.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { CONFIRMING, DENIED, HOLD, NO_DATA, ORDER_OPEN, WARMING_UP } from '../pipeline/outcome-codes.ts'
import { SignalSlots } from '../pipeline/signal-slots.ts'
import { entryGates } from '../pipeline/stages/guard.ts'
import { blockerCodes, blockerNeeds } from '../safety/blocker-codes.ts'
import { situationOf } from '../safety/rule-change.ts'
import type { KernelState } from './kernel-state.ts'
import type { Moment } from './nearest.ts'
import { changeOf } from './change-of.ts'
import type { ReadNumber, StrategyMoment } from './reading-changes.ts'

/** Unbounded readings are searched by their own size to both sides, by a hundredth of the price at least. */
const PRICE_SHARE = 0.01
const STEPS_OF_A_RANGE = 1e6

type Readings = Readonly<Record<string, number | Readonly<Record<string, number>>>>

/** The fields of an object of the kernel, apart from it. */
const copied = <T extends object>(from: T): T => Object.assign({}, from)

const untraded: readonly number[] = [WARMING_UP, NO_DATA, HOLD, CONFIRMING, DENIED, ORDER_OPEN]

/** Copies what a decision that did not trade was made from; undefined when it traded. Nothing of it changes when the kernel goes on. */
export function captureMoment(state: KernelState, bot: BotRuntime, readings: Readings): Moment | undefined {
  const { frame, config, judge } = bot
  if (!untraded.includes(frame.outcome)) return undefined
  const sale = frame.side < 0
  const intent = intentOf(bot)
  const sized = sale || intent.quoteAmount > 0
  const waiting = [...ownWaits(state, bot), ...(sale ? saleWaits(state, bot) : entryWaits(state, bot))]
  if (!sized && !waiting.some(({ gate }) => gate === 'sizing')) waiting.push(stuckAt('sizing', 'SIZE_ZERO'))
  return {
    waiting,
    strategy: frame.outcome === HOLD ? strategyMoment(state, bot, readings) : undefined,
    situation: frozenOf(situationOf(intent, bot.view, config.temperatureThresholds), judge.rules),
    rules: sale ? judge.rules.filter(({ appliesTo }) => appliesTo === 'all') : sized ? judge.rules : [],
    minQuote: judge.minQuote,
    priceIncrement: toFloat(bot.market.instrument.priceIncrement),
    sizer: config.sizing,
  }
}

/** What the bot wanted; while a sale is still being confirmed, the sale it would be. */
function intentOf({ frame, intent, probe, config }: BotRuntime): Intent {
  if (frame.hasIntent && frame.outcome !== HOLD) return intent
  if (frame.side >= 0) return probe
  return {
    source: intent.source,
    kind: config.exitFraction < 1 ? 'reduce' : 'close',
    origin: 'strategy',
    side: 'sell',
    quoteAmount: 0,
    baseFraction: config.exitFraction,
  }
}

/** For rules that do not read any: nobody writes into it. */
const noTimes: OrderTimes = new TimeRing()

/** Lists that the kernel keeps writing into are copied, where a rule reads them. */
function frozenOf(situation: Situation, rules: readonly SafetyRule[]): Situation {
  const { view } = situation
  const { portfolio } = view
  const foreign = rules.some(({ code }) => !(code in blockerCodes))
  const readsTimes = foreign || rules.some(({ code }) => code === 'ORDER_RATE_BOT' || code === 'ORDER_RATE_ACCOUNT')
  view.orders = readsTimes ? copyOfTimes(view.orders) : noTimes
  portfolio.orders = readsTimes ? copyOfTimes(portfolio.orders) : noTimes
  if (foreign || rules.some(({ code }) => code === 'CORRELATION_GROUP')) portfolio.activeOn = copyOfActive(portfolio)
  return situation
}

function copyOfTimes(times: OrderTimes): OrderTimes {
  if (!(times instanceof TimeRing)) return times
  const copy = new TimeRing()
  copy.restore(times.snapshot())
  return copy
}

function copyOfActive(portfolio: object & { activeOn(instrument: string): number }): (instrument: string) => number {
  if (!('active' in portfolio) || !(portfolio.active instanceof Few)) return portfolio.activeOn.bind(portfolio)
  const active = portfolio.active as Few<string, number>
  const counts = active.values()
  const copy = new Map(active.keys().map((instrument, i): [string, number] => [instrument, counts[i]!]))
  return (instrument) => copy.get(instrument) ?? 0
}

const stuckAt = (gate: string, code: string): StuckGate => ({ gate, code, needs: blockerNeeds(code) })

/** What the bot itself waited for: candles, a confirmation, a plugin that works. */
function ownWaits(state: KernelState, bot: BotRuntime): (Change | StuckGate)[] {
  const { frame, config } = bot
  if (bot.frozen !== undefined) return [stuckAt('strategy', 'PLUGIN_FAILED')]
  if (frame.outcome === WARMING_UP) return [changeOf('strategy', 'WARMING_UP', 'closed candles', bot.samples, bot.warmup, 'candles')]
  if (frame.outcome === NO_DATA) return [stuckAt('strategy', frame.blocker === 0 ? 'NO_DATA' : state.blockers.code(frame.blocker))]
  if (frame.outcome === CONFIRMING) return [changeOf('confirmation', 'CONFIRMATION', 'time', state.nowMs, frame.untilMs, 'ms')]
  // A direction that begins now has all of its confirmation before it.
  if (frame.outcome === HOLD && config.confirmMs > 0)
    return [changeOf('confirmation', 'CONFIRMATION', 'time', state.nowMs, state.nowMs + config.confirmMs, 'ms')]
  return []
}

function entryWaits(state: KernelState, bot: BotRuntime): (Change | StuckGate)[] {
  const { frame } = bot
  const waits = entryGates.flatMap((gate): (Change | StuckGate)[] => {
    if (!gate.holds(state, bot)) return []
    const untilMs = gate.untilMs?.(state, bot) ?? Number.NaN
    return [Number.isNaN(untilMs) ? stuckAt('engine', gate.code) : changeOf('engine', gate.code, 'time', state.nowMs, untilMs, 'ms')]
  })
  if (frame.outcome !== DENIED || bot.frozen !== undefined || waits.length > 0) return waits
  // Denied by neither gate nor rule: the sizer, or the translation into an order.
  const code = state.blockers.code(frame.blocker)
  if (code === 'SIZE_ZERO') return [stuckAt('sizing', code)]
  return frame.judged && bot.judge.primaryCode === '' ? [stuckAt('engine', code)] : []
}

/** Sales pass the engine's gates by their own rules: what held this one is its blocker. */
function saleWaits(state: KernelState, bot: BotRuntime): StuckGate[] {
  const code = state.blockers.code(bot.frame.blocker)
  return bot.frame.judged && bot.judge.primaryCode === code ? [] : [stuckAt('engine', code)]
}

/** The strategy over a copy of what it saw: its readings one by one as another number. */
function strategyMoment(state: KernelState, bot: BotRuntime, readings: Readings): StrategyMoment {
  const { frame, strategy, config, view } = bot
  const close = frame.preview ? bot.preview!.forming.candle.close : bot.context.candle.close
  // Only what changes is copied now. Hardly any decision is asked what was nearest, so the rest is made when one is.
  const seen = {
    candle: copied(frame.preview ? bot.preview!.forming.candle : bot.context.candle),
    position: copied(view.position),
    orders: copied(bot.orders),
    window: bot.window.capacity === 0 ? bot.window : bot.window.copy(),
    state: bot.stateSeen,
  }
  const copies = structuredCopy(readings)
  const open = view.position.open
  let scoreAt: StrategyMoment['scoreAt'] | undefined
  return {
    code: state.blockers.code(frame.blocker),
    numbers: () => strategy.indicators.flatMap(([key, indicator]) => numbersOf(key, copies[key], rangeOf(indicator), close)),
    wants: (score) => Math.abs(score) >= config.actionThreshold && (score > 0 || open),
    scoreAt: (what, value) => (scoreAt ??= askedAgain(bot, seen, copies))(what, value),
  }
}

/** The records of the readings are the decision's own, too. */
const structuredCopy = (readings: Readings): Readings => {
  const copies: Record<string, number | Readonly<Record<string, number>>> = {}
  for (const key of Object.keys(readings)) {
    const value = readings[key]!
    copies[key] = typeof value === 'number' ? value : { ...value }
  }
  return copies
}

/** The strategy as a function of one reading, all else as it was. */
function askedAgain({ strategy, config }: BotRuntime, seen: object, readings: Readings): StrategyMoment['scoreAt'] {
  const slotsOfReadings: Record<string, { value: Readings[string] }> = {}
  for (const [key, value] of Object.entries(readings)) slotsOfReadings[key] = { value }
  const context = { ...seen, readings: slotsOfReadings }
  const places = placesOf(readings)
  const slots = new SignalSlots(config.strategy.componentNames)
  return (what, value) => {
    const [key, member] = places.get(what)!
    const slot = slotsOfReadings[key]!
    const kept = slot.value
    slot.value = member === undefined ? value : { ...(kept as Record<string, number>), [member]: value }
    slots.reset()
    try {
      strategy.evaluate(context as never, slots)
      return slots.score
    } catch {
      return Number.NaN
    } finally {
      slot.value = kept
    }
  }
}

type Place = readonly [key: string, member?: string]

/** Where each number of the readings stands. Keys may hold dots: those of a combination do. */
function placesOf(readings: Readings): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  for (const [key, reading] of Object.entries(readings)) {
    if (typeof reading === 'number') places.set(`readings.${key}`, [key])
    else for (const member of Object.keys(reading)) places.set(`readings.${key}.${member}`, [key, member])
  }
  return places
}

function numbersOf(key: string, reading: Readings[string] | undefined, range: readonly [number, number] | undefined, close: number): ReadNumber[] {
  const members =
    typeof reading === 'number'
      ? [[`readings.${key}`, reading] as const]
      : Object.entries(reading ?? {}).map(([name, value]) => [`readings.${key}.${name}`, value] as const)
  return members.flatMap(([what, value]) => {
    if (!Number.isFinite(value)) return []
    const reach = Math.max(Math.abs(value), PRICE_SHARE * Math.abs(close))
    const [low, high] = range ?? [value - reach, value + reach]
    return high > low ? [{ what, value, low, high, step: (range === undefined ? reach : high - low) / STEPS_OF_A_RANGE }] : []
  })
}

/** Indicators of the library describe themselves; others may. */
function rangeOf(indicator: AnyIndicator): readonly [number, number] | undefined {
  if (!('describe' in indicator) || typeof indicator.describe !== 'function') return undefined
  const { range } = (indicator.describe as () => { readonly range?: readonly [number, number] })()
  return range
}
