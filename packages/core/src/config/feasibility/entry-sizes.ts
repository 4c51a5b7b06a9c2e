import type { BotConfig } from '../../contracts/bot-config.ts'
import type { SafetyRule } from '../../contracts/safety-rule.ts'
import type { Environment } from '../../model/environment.ts'
import type { Instrument } from '../../model/instrument.ts'
import { toFloat } from '../../model/money.ts'
import { temperatureOf } from '../../model/temperature.ts'
import type { EpochMs } from '../../model/time.ts'
import { MutableCash, MutableIntent, MutableMarket, MutablePortfolio, MutableView } from '../../pipeline/views.ts'
import { Judge } from '../../safety/judge.ts'
import type { BlockingRule } from '../../safety/judge.ts'
import { ruleChange, situationOf } from '../../safety/rule-change.ts'

/** 2026-01-01T12:00Z: any moment at which nothing has happened yet. */
const NOON = 1_767_268_800_000 as EpochMs

/** What the bot's own sizer and rules say of entries on a fresh account: nothing is held, nothing happened today, the data is new. */
export interface EntrySizes {
  /** Smallest and largest entry that is approved, fee included, in quote; NaN when none is. */
  readonly smallest: number
  readonly largest: number
  /** For a first entry at the strongest score: the rules that hold it back. */
  readonly blocking: readonly BlockingRule[]
  /** What the sizer asked for then; NaN when it cannot be asked without a market. */
  readonly wanted: number
}

interface Asked {
  readonly cash: number
  readonly price: number
  readonly environment: Environment
  /** Weakest |score| that may enter. */
  readonly weakest: number
  readonly tranches: number
}

/** Asks sizer and rules for every tranche and for scores from the weakest that may enter to 1. */
export function entrySizes(bot: BotConfig, safety: readonly SafetyRule[], instrument: Instrument, asked: Asked): EntrySizes {
  const judge = new Judge([...safety, ...bot.safety], { minQuote: toFloat(instrument.minQuote) })
  const intent = new MutableIntent()
  const nowMs = openMoment(bot, judge, intent, asked)
  let smallest = Number.POSITIVE_INFINITY
  let largest = Number.NEGATIVE_INFINITY
  const scores = scoresFrom(asked.weakest)
  for (let lots = 0; lots < asked.tranches; lots++) {
    const view = freshView(bot, asked, lots, nowMs)
    for (const score of scores) {
      setScore(view, bot, score)
      ask(bot, view, intent)
      const approved = judge.judge(intent, view)
      if (!(approved > 0)) continue
      smallest = Math.min(smallest, approved)
      largest = Math.max(largest, approved)
    }
  }
  const view = freshView(bot, asked, 0, nowMs)
  const wanted = ask(bot, view, intent)
  judge.judge(intent, view)
  const none = !(largest > 0)
  return { smallest: none ? Number.NaN : smallest, largest: none ? Number.NaN : largest, blocking: judge.blocking(), wanted }
}

/** A moment at which no rule waits for time alone: a trading window that is shut at noon is no obstacle to ever entering. */
function openMoment(bot: BotConfig, judge: Judge, intent: MutableIntent, asked: Asked): EpochMs {
  let nowMs = NOON
  for (const _ of judge.rules) {
    const view = freshView(bot, asked, 0, nowMs)
    ask(bot, view, intent)
    judge.judge(intent, view)
    const situation = situationOf(intent, view, bot.temperatureThresholds)
    const waits = judge.blocking().map(({ rule }) => ruleChange(rule, situation, { minQuote: judge.minQuote, priceIncrement: 1 }))
    const wait = waits.find((change) => change?.what === 'time')
    if (wait === undefined) break
    nowMs = (nowMs + wait.by) as EpochMs
  }
  return nowMs
}

const scoresFrom = (weakest: number): readonly number[] => [0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1].map((share) => weakest + share * (1 - weakest))

/** Returns what the sizer says; NaN when it cannot say. */
function ask(bot: BotConfig, view: MutableView, intent: MutableIntent): number {
  let amount = Number.NaN
  try {
    amount = ofPlan(bot, bot.sizing.size(view.score, view), view)
  } catch {
    // A sizer that needs a market to speak is asked again when there is one.
  }
  intent.kind = view.position.open ? 'add' : 'open'
  intent.source = bot.strategy.id
  intent.quoteAmount = amount > 0 && amount < Number.POSITIVE_INFINITY ? amount : 0
  return amount
}

/** With a tranche plan the sizer speaks of the whole position. */
function ofPlan({ tranches }: BotConfig, amount: number, view: MutableView): number {
  if (tranches?.plan === undefined || !(amount > 0)) return amount
  return tranches.plan.size(amount, Math.min(view.position.lots, tranches.max - 1), tranches.max, view)
}

function setScore(view: MutableView, bot: BotConfig, score: number): void {
  view.score = score
  view.temperature = temperatureOf(score, bot.temperatureThresholds)
}

/** At the strongest score. */
function freshView(bot: BotConfig, { cash, price, environment }: Asked, lots: number, nowMs: EpochMs): MutableView {
  const view = new MutableView(new MutableCash(), new MutableMarket(), new MutablePortfolio(), bot.instrument, environment)
  view.nowMs = nowMs
  setScore(view, bot, 1)
  view.cash.available = cash
  view.portfolio.equity = cash
  view.market.price = price
  view.market.bid = price
  view.market.ask = price
  view.market.dataAgeMs = 0
  view.previousClose = price
  view.candle = { openTime: (nowMs - bot.timeframeMs) as EpochMs, open: price, high: price, low: price, close: price, volume: 1 }
  if (lots === 0) return view
  view.position.open = true
  view.position.lots = lots
  view.position.quantity = 1
  view.position.averageEntry = price
  view.portfolio.openPositions = 1
  // Far from the last fill: a price step is no question of what can be at all.
  view.lastFillPrice = price * 2
  return view
}
