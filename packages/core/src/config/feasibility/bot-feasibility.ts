import type { BotConfig } from '../../contracts/bot-config.ts'
import type { SafetyRule } from '../../contracts/safety-rule.ts'
import type { ConfigProblem } from '../../model/errors.ts'
import type { Environment } from '../../model/environment.ts'
import type { Instrument } from '../../model/instrument.ts'
import { toFloat } from '../../model/money.ts'
import { temperatureNames } from '../../model/temperature.ts'
import { DAY_MS } from '../../model/time.ts'
import { durationText } from '../../model/time-text.ts'
import { valueAfterFall } from './costs.ts'
import type { RoundTrip } from './costs.ts'
import { entrySizes } from './entry-sizes.ts'
import type { EntrySizes } from './entry-sizes.ts'
import { numberText as text, percent } from './number-text.ts'
import { smallestParam, textParam } from './rule-params.ts'

/** What one bot's configuration comes to; amounts in quote. */
export interface BotNumbers {
  readonly id: string
  readonly instrument: string
  readonly venueMinimum: number
  /** Smallest and largest entry, fee included; NaN when none is possible. */
  readonly smallestEntry: number
  readonly largestEntry: number
  /** Weakest |score| that may enter. */
  readonly weakestScore: number
  /** What the smallest entry still brings at the stop; at the price of the entry when there is no stop. */
  readonly smallestSale: number
  readonly tranches: number
  /** The most its position may cost. */
  readonly mostHeld: number
  /** Fractions of the entry price; undefined without such an exit. */
  readonly stop: number | undefined
  readonly target: number | undefined
}

export interface BotSurroundings {
  readonly safety: readonly SafetyRule[]
  readonly instrument: Instrument
  readonly cash: number
  readonly trip: RoundTrip
  /** Last price, where it is known. */
  readonly price: number | undefined
  readonly environment: Environment
}

interface Found {
  readonly problems: ConfigProblem[]
  readonly warnings: ConfigProblem[]
}

/** Looks at one bot. A bot that retires makes no entries, so only its exits are looked at. */
export function botFeasibility(bot: BotConfig, index: number, around: BotSurroundings): Found & { readonly numbers: BotNumbers } {
  const { safety, instrument, cash, trip, price } = around
  const path = `bots[${index}]`
  const rules = [...safety, ...bot.safety]
  const tranches = smallestParam(rules, 'max-tranches', 'max') ?? bot.tranches?.max ?? 1
  const weakestScore = Math.max(bot.actionThreshold, coldest(bot, rules))
  const sizes = entrySizes(bot, safety, instrument, { cash, price: price ?? 1, environment: around.environment, weakest: weakestScore, tranches })
  const stop = smallestParam(bot.exits, 'stop-loss', 'fraction')
  const limit = smallestParam(rules, 'max-position', 'limit') ?? Number.POSITIVE_INFINITY
  const numbers: BotNumbers = {
    id: bot.id,
    instrument: bot.instrument,
    venueMinimum: toFloat(instrument.minQuote),
    smallestEntry: sizes.smallest,
    largestEntry: sizes.largest,
    weakestScore,
    smallestSale: valueAfterFall(sizes.smallest, trip, stop ?? 0),
    tranches,
    mostHeld: Math.min(limit, tranches * (sizes.largest > 0 ? sizes.largest : 0)),
    stop,
    target: smallestParam(bot.exits, 'take-profit', 'fraction'),
  }
  const found: Found = { problems: [], warnings: [] }
  if (bot.retire !== true) {
    entryFindings(bot, path, numbers, sizes, around, found)
    trancheFindings(bot, path, numbers, limit, found)
    timeFindings(bot, path, rules, found)
  }
  exitFindings(path, numbers, trip, found)
  return { ...found, numbers }
}

/** Weakest |score| that the rules on temperature let enter. */
function coldest(bot: BotConfig, rules: readonly SafetyRule[]): number {
  const name = textParam(rules, 'min-temperature', 'atLeast')
  const { cool, warm, hot } = bot.temperatureThresholds
  return [0, cool, warm, hot][temperatureNames.indexOf(name as never)] ?? 0
}

function entryFindings(
  bot: BotConfig,
  path: string,
  numbers: BotNumbers,
  sizes: EntrySizes,
  { safety, instrument, cash, price }: BotSurroundings,
  { problems, warnings }: Found,
): void {
  // Not for good: what is held is kept, and the gate is there while it lasts.
  if (instrument.state !== 'online')
    warnings.push({ path: `${path}.instrument`, expected: 'an instrument that the venue trades', received: `${instrument.id}, ${instrument.state}` })
  if (numbers.weakestScore >= 1)
    problems.push({
      path: `${path}.temperature`,
      expected: 'thresholds that a score below 1 can reach',
      received: `entries from a score of ${text(numbers.weakestScore)}`,
    })
  if (Number.isNaN(sizes.wanted)) {
    warnings.push({ path: `${path}.sizing`, expected: 'a sizer that can be asked without a market, to check its sizes', received: bot.sizing.id })
    return
  }
  if (!(sizes.wanted > 0))
    problems.push({ path: `${path}.sizing`, expected: 'a sizer that wants an amount at some score', received: `${bot.sizing.id}: ${text(sizes.wanted)}` })
  else if (Number.isNaN(sizes.smallest)) {
    for (const { rule, code, detail } of sizes.blocking)
      // A rule that throws may want a market to speak; the engine asks it again when there is one.
      (code === 'RULE_FAILED' ? warnings : problems).push({
        path: safety.includes(rule) ? `account.safety.${rule.id}` : `${path}.safety.${rule.id}`,
        expected: `a limit that lets an entry of ${text(sizes.wanted)} pass on a fresh account`,
        received: detail,
      })
  }
  if (sizes.smallest < numbers.venueMinimum)
    problems.push({ path: `${path}.sizing`, expected: `entries of at least the venue's ${text(numbers.venueMinimum)}`, received: text(sizes.smallest) })
  if (price !== undefined && sizes.smallest / price < toFloat(instrument.minBase))
    problems.push({
      path: `${path}.sizing`,
      expected: `entries of at least the venue's ${text(toFloat(instrument.minBase))} ${instrument.base}, which cost ${text(toFloat(instrument.minBase) * price)}`,
      received: text(sizes.smallest),
    })
  if (sizes.smallest > cash)
    problems.push({ path: `account.cash.${instrument.quote}`, expected: `at least one entry of ${bot.id}: ${text(sizes.smallest)}`, received: text(cash) })
}

function trancheFindings(bot: BotConfig, path: string, numbers: BotNumbers, limit: number, { problems, warnings }: Found): void {
  const { tranches, smallestEntry, largestEntry, smallestSale, venueMinimum } = numbers
  if (smallestSale < venueMinimum)
    problems.push({
      path: `${path}.sizing`,
      expected: `entries that can be sold again: at least ${text(venueMinimum)} after fees${numbers.stop === undefined ? '' : ' and the stop'}`,
      received: `${text(smallestEntry)}, of which ${text(smallestSale)} is left`,
    })
  else if (bot.exitFraction < 1 && smallestSale * bot.exitFraction < venueMinimum)
    problems.push({
      path: `${path}.exit`,
      expected: `a share that sells at least ${text(venueMinimum)} of the smallest entry`,
      received: `${bot.exitFraction} of ${text(smallestSale)}`,
    })
  if (tranches * smallestEntry > limit)
    problems.push({ path: `${path}.safety.max-position`, expected: `room for ${tranches} tranches of at least ${text(smallestEntry)}`, received: text(limit) })
  else if (tranches * largestEntry > limit)
    warnings.push({
      path: `${path}.safety.max-position`,
      expected: `room for ${tranches} tranches of up to ${text(largestEntry)}: the last is cut or denied`,
      received: text(limit),
    })
}

function exitFindings(path: string, { stop, target }: BotNumbers, trip: RoundTrip, { problems, warnings }: Found): void {
  if (target !== undefined && target <= trip.breakEven)
    warnings.push({
      path: `${path}.exits.take-profit`,
      expected: `a fraction above the ${percent(trip.breakEven)} that a round trip costs: every profit it takes is a loss`,
      received: percent(target),
    })
  if (stop === undefined) return
  if (stop <= 2 * trip.slippage)
    problems.push({
      path: `${path}.exits.stop-loss`,
      expected: `a fraction beyond the spread of ${percent(2 * trip.slippage)}: this one fires at once`,
      received: percent(stop),
    })
  else if (stop < trip.breakEven)
    warnings.push({
      path: `${path}.exits.stop-loss`,
      expected: `a fraction above the ${percent(trip.breakEven)} of a round trip: fees cost more than the stop saves`,
      received: percent(stop),
    })
}

function timeFindings(bot: BotConfig, path: string, rules: readonly SafetyRule[], { warnings }: Found): void {
  if (bot.confirmMs > 0 && bot.confirmMs < bot.timeframeMs && bot.on === 'close')
    warnings.push({
      path: `${path}.confirm`,
      expected: `at least the timeframe of ${durationText(bot.timeframeMs)}: it is looked at once a candle, so it takes that long`,
      received: durationText(bot.confirmMs),
    })
  const cooldown = smallestParam(rules, 'cooldown', 'duration')
  const trades = smallestParam(rules, 'daily-trades-bot', 'limit')
  if (cooldown !== undefined && trades !== undefined && trades > 1 && (trades - 1) * cooldown >= DAY_MS)
    warnings.push({
      path: `${path}.safety.daily-trades-bot`,
      expected: `a limit that a cooldown of ${durationText(cooldown)} leaves within reach`,
      received: String(trades),
    })
  const step = smallestParam(rules, 'price-step', 'fraction')
  const stop = smallestParam(bot.exits, 'stop-loss', 'fraction')
  if (step !== undefined && stop !== undefined && step >= stop)
    warnings.push({
      path: `${path}.safety.price-step`,
      expected: `a step below the stop of ${percent(stop)}: no tranche is ever added under the entry`,
      received: percent(step),
    })
}
