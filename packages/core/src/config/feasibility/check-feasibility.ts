import type { Decimal } from 'decimal.js'
import type { BotConfig } from '../../contracts/bot-config.ts'
import type { FeeRates } from '../../contracts/exchange.ts'
import type { SafetyRule } from '../../contracts/safety-rule.ts'
import type { ConfigProblem } from '../../model/errors.ts'
import type { Environment } from '../../model/environment.ts'
import { currenciesOf } from '../../model/instrument.ts'
import type { Instrument } from '../../model/instrument.ts'
import { toFloat } from '../../model/money.ts'
import { botFeasibility } from './bot-feasibility.ts'
import type { BotNumbers } from './bot-feasibility.ts'
import { roundTrip } from './costs.ts'
import type { RoundTrip } from './costs.ts'
import { numberText as text } from './number-text.ts'
import { requestBudget, requestLimits } from './request-budget.ts'
import type { RequestBudget } from './request-budget.ts'
import { smallestParam } from './rule-params.ts'

/** The parts of a configuration that decide what can be: a parsed file has them. */
export interface FeasibilityInput {
  readonly bots: readonly BotConfig[]
  readonly account: { readonly cash: Readonly<Record<string, Decimal>>; readonly safety: readonly SafetyRule[] }
}

/** What the check cannot read from a configuration. */
export interface FeasibilityOptions {
  /** How much worse than the price an order fills, in basis points; default 2, as the simulated venue. */
  readonly slippageBps?: number
  /** Last prices by instrument, where they are known: sizers that need one are asked at 1 otherwise. */
  readonly prices?: Readonly<Record<string, number>>
  /** Longest age of a price that an order may use, in ms; default 30 s. */
  readonly staleMs?: number
  /** Default `paper`. */
  readonly environment?: Environment
}

/** The numbers behind the answer; amounts in quote, rates as fractions. */
export interface FeasibilityNumbers {
  readonly bots: readonly BotNumbers[]
  readonly roundTrip: RoundTrip
  readonly cash: number
  /** The most that can be held at once: by exposure, positions, and cash. */
  readonly mostHeld: number
  /** Entries a day that the limits allow; Infinity when there is none. */
  readonly entriesPerDay: number
  /** Loss of a day on which the limit is reached with everything held, and all of it is then stopped out: fees included. */
  readonly worstDay: number
  readonly requests: RequestBudget
}

/** What cannot be, what should not be, and the numbers. */
export interface FeasibilityReport {
  /** Impossible: a start is refused with these. */
  readonly problems: readonly ConfigProblem[]
  /** Unwise: said at the start. */
  readonly warnings: readonly ConfigProblem[]
  readonly numbers: FeasibilityNumbers
}

/**
 * Says whether bots can do at all what they are configured for: sizes against the venue's minimums and fees, every tranche sellable again, targets beyond the costs
 * of a round trip, limits that leave room, requests within the venue's budget. Sizes are asked of the bots' own sizers and rules.
 *
 * @param products - the venue's rules; a bot whose instrument is missing is not looked at
 * @param fees - fractions of the value
 * @example
 * ```ts
 * const config = parseConfig({ account: { cash: { USD: '500' } }, bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced', exits: [{ use: 'take-profit', params: { fraction: 0.01 } }] }] })
 * const report = checkFeasibility(config, [coinbaseInstrument('BTC-USD')!], config.account.fees)
 * report.problems // => []
 * report.warnings.map(({ path, expected }) => `${path}: ${expected}`)[0] // => 'bots[0].exits.take-profit: a fraction above the 1.86 % that a round trip costs: every profit it takes is a loss'
 * ```
 */
export function checkFeasibility(
  { bots, account }: FeasibilityInput,
  products: readonly Instrument[],
  fees: FeeRates,
  options: FeasibilityOptions = {},
): FeasibilityReport {
  const trip = roundTrip(toFloat(fees.takerRate), options.slippageBps ?? 2)
  const quote = bots.length === 0 ? 'USD' : currenciesOf(bots[0]!.instrument).quote
  const cash = account.cash[quote] === undefined ? 0 : toFloat(account.cash[quote])
  const problems: ConfigProblem[] = []
  const warnings: ConfigProblem[] = []
  const numbers = bots.flatMap((bot, index) => {
    const instrument = products.find(({ id }) => id === bot.instrument)
    if (instrument === undefined) return []
    const found = botFeasibility(bot, index, {
      safety: account.safety,
      instrument,
      cash,
      trip,
      price: options.prices?.[bot.instrument],
      environment: options.environment ?? 'paper',
    })
    problems.push(...found.problems)
    warnings.push(...found.warnings)
    return [found.numbers]
  })
  const all = accountNumbers(bots, account.safety, numbers, trip, cash)
  accountFindings(bots, account.safety, all, options.staleMs ?? 30_000, problems, warnings)
  return { problems, warnings, numbers: all }
}

function accountNumbers(
  bots: readonly BotConfig[],
  safety: readonly SafetyRule[],
  numbers: readonly BotNumbers[],
  trip: RoundTrip,
  cash: number,
): FeasibilityNumbers {
  const everywhere = [...safety, ...bots.flatMap((bot) => bot.safety)]
  const exposure = smallestParam(everywhere, 'max-exposure', 'limit') ?? Number.POSITIVE_INFINITY
  const positions = numbers.map((bot) => bot.mostHeld).sort((a, b) => b - a)
  const mostOpen = smallestParam(everywhere, 'max-open-positions', 'max') ?? positions.length
  const mostHeld = Math.min(
    exposure,
    cash,
    positions.slice(0, mostOpen).reduce((sum, held) => sum + held, 0),
  )
  const account = smallestParam(everywhere, 'daily-trades-account', 'limit') ?? Number.POSITIVE_INFINITY
  const own = bots.reduce((sum, bot) => sum + (smallestParam([...safety, ...bot.safety], 'daily-trades-bot', 'limit') ?? Number.POSITIVE_INFINITY), 0)
  const entriesPerDay = Math.min(account, own)
  const limit = smallestParam(everywhere, 'daily-loss', 'limit') ?? Number.POSITIVE_INFINITY
  const deepest = numbers.reduce((largest, bot) => Math.max(largest, bot.stop ?? 1), 0)
  const lostThen = Math.min(mostHeld, mostHeld * (deepest + trip.takerRate + trip.slippage))
  return {
    bots: numbers,
    roundTrip: trip,
    cash,
    mostHeld,
    entriesPerDay,
    worstDay: Math.min(cash, limit + lostThen),
    requests: requestBudget(bots, entriesPerDay),
  }
}

function accountFindings(
  bots: readonly BotConfig[],
  safety: readonly SafetyRule[],
  numbers: FeasibilityNumbers,
  staleMs: number,
  problems: ConfigProblem[],
  warnings: ConfigProblem[],
): void {
  const { requests, roundTrip: trip } = numbers
  const dailyLoss = smallestParam(safety, 'daily-loss', 'limit')
  // A bot that can enter nothing costs nothing; it is named elsewhere, or its product by the market.
  const entries = numbers.bots.map((bot) => bot.smallestEntry).filter((entry) => Number.isFinite(entry))
  const smallest = entries.length === 0 ? 0 : Math.min(...entries)
  const cost = (smallest * trip.breakEven) / (1 + trip.breakEven)
  if (dailyLoss !== undefined && cost >= dailyLoss)
    problems.push({
      path: 'account.safety.daily-loss',
      expected: `a limit above the ${text(cost)} that the smallest round trip costs`,
      received: text(dailyLoss),
    })
  else if (dailyLoss !== undefined && numbers.cash > 0 && dailyLoss > numbers.cash)
    warnings.push({ path: 'account.safety.daily-loss', expected: `a limit that can be reached with ${text(numbers.cash)} of cash`, received: text(dailyLoss) })
  if (requests.burstMs >= staleMs)
    problems.push({
      path: 'bots',
      expected: `so many bots that their orders leave within ${staleMs / 1_000} s, at ${requestLimits.perSecond} requests a second`,
      received: `${bots.length}, which take ${requests.burstMs / 1_000} s when all act at once`,
    })
  if (requests.sustainedPerSecond > requestLimits.sustainedPerSecond)
    problems.push({
      path: 'bots',
      expected: `at most ${requestLimits.sustainedPerSecond} requests a second for long`,
      received: `${text(requests.sustainedPerSecond)} a second for ${bots.length} bots`,
    })
  const exposure = smallestParam(safety, 'max-exposure', 'limit')
  if (exposure !== undefined && numbers.cash > 0 && exposure > numbers.cash)
    warnings.push({
      path: 'account.safety.max-exposure',
      expected: `a limit below the ${text(numbers.cash)} of cash: this one never holds anything back`,
      received: text(exposure),
    })
  const open = smallestParam(safety, 'max-open-positions', 'max')
  const active = bots.filter((bot) => bot.retire !== true).length
  if (open !== undefined && open < active)
    warnings.push({
      path: 'account.safety.max-open-positions',
      expected: `room for all ${active} bots: the first in the file take the places`,
      received: String(open),
    })
}
