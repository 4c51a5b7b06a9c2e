import type { Decimal } from 'decimal.js'
import type { FeeRates } from '../../contracts/exchange.ts'
import { ConfigError, type ConfigProblem } from '../../model/errors.ts'
import type { Instrument } from '../../model/instrument.ts'
import { ONE, add, divide, less, money, subtract, type MoneyInput } from '../../model/money.ts'

/** How the simulated exchange fills orders; every part has a default. */
export interface FillModelOptions {
  /** Fractions of the value, 0 <= rate < 1. Default maker 0.0050, taker 0.0090: the entry tier of 2026. */
  readonly fees?: { readonly makerRate?: MoneyInput; readonly takerRate?: MoneyInput }
  /** From sending to the venue's answer, whole ms >= 0. Default 250. */
  readonly latencyMs?: number
  /**
   * How much worse than the price seen a taking order fills, in basis points, 0..1000. Default 2: half a spread and the small impact of
   * orders of a few dollars on a liquid pair; thin pairs deserve more.
   */
  readonly slippageBps?: number
  /**
   * Distance between bid and ask in basis points, 0..1000: where no quote is known, a taking order crosses half of it on top of the slippage. Default 0, because
   * the default slippage holds half a spread already.
   */
  readonly spreadBps?: number
  /** Largest part of the traded volume that one's own orders can be, 0 < share <= 1. Default 0.1. */
  readonly volumeShare?: number
  /** How far from the last price a market order may fill, as a fraction > 0, by instrument. Default 0.03, and 0.02 for BTC and ETH. */
  readonly priceProtection?: Readonly<Record<string, number>>
}

/** What a simulated venue is made of. */
export interface SimulatedVenueOptions extends FillModelOptions {
  readonly instruments: readonly Instrument[]
  /** Starting balances by currency, >= 0. */
  readonly cash: Readonly<Record<string, MoneyInput>>
}

/** Checked options, with what every fill needs worked out. */
export interface FillModel extends FeeRates {
  readonly latencyMs: number
  readonly slippageBps: number
  readonly spreadBps: number
  readonly volumeShare: Decimal
  readonly priceProtection: Readonly<Record<string, number>>
  /** 1 + slippage, 1 - slippage. */
  readonly buyFactor: Decimal
  readonly sellFactor: Decimal
  /** The same with half a spread, for prices that are no quotes. */
  readonly buyAcross: Decimal
  readonly sellAcross: Decimal
}

const currencyCode = /^[A-Z0-9]{1,20}$/
const tight = new Set(['BTC', 'ETH'])

/** Returns how far from the last price a market order may fill. */
export const protectionOf = (model: FillModel, instrument: Instrument): number =>
  model.priceProtection[instrument.id] ?? (tight.has(instrument.base) ? 0.02 : 0.03)

/**
 * Returns the checked fill model.
 *
 * @param path - where the options stand, for the messages
 * @throws ConfigError with every problem
 */
export function parseFillModel(options: FillModelOptions, path: string): FillModel {
  const problems: ConfigProblem[] = []
  const makerRate = rateOf(options.fees?.makerRate ?? '0.005', `${path}.fees.makerRate`, problems)
  const takerRate = rateOf(options.fees?.takerRate ?? '0.009', `${path}.fees.takerRate`, problems)
  const latencyMs = options.latencyMs ?? 250
  const slippageBps = options.slippageBps ?? 2
  const spreadBps = options.spreadBps ?? 0
  const volumeShare = options.volumeShare ?? 0.1
  const priceProtection = options.priceProtection ?? {}
  if (!Number.isSafeInteger(latencyMs) || latencyMs < 0)
    problems.push({ path: `${path}.latencyMs`, expected: 'whole milliseconds >= 0', received: String(latencyMs) })
  if (!(slippageBps >= 0 && slippageBps <= 1000))
    problems.push({ path: `${path}.slippageBps`, expected: 'basis points from 0 to 1000', received: String(slippageBps) })
  if (!(spreadBps >= 0 && spreadBps <= 1000)) problems.push({ path: `${path}.spreadBps`, expected: 'basis points from 0 to 1000', received: String(spreadBps) })
  if (!(volumeShare > 0 && volumeShare <= 1))
    problems.push({ path: `${path}.volumeShare`, expected: 'a share above 0, at most 1', received: String(volumeShare) })
  for (const [instrument, fraction] of Object.entries(priceProtection)) {
    if (!(fraction > 0 && fraction < 1))
      problems.push({ path: `${path}.priceProtection.${instrument}`, expected: 'a fraction above 0, below 1', received: String(fraction) })
  }
  if (problems.length > 0) throw new ConfigError(problems)
  const slippage = divide(money(slippageBps), money(10_000))
  const across = add(slippage, divide(money(spreadBps), money(20_000)))
  return {
    makerRate,
    takerRate,
    latencyMs,
    slippageBps,
    spreadBps,
    volumeShare: money(volumeShare),
    priceProtection,
    buyFactor: add(ONE, slippage),
    sellFactor: subtract(ONE, slippage),
    buyAcross: add(ONE, across),
    sellAcross: subtract(ONE, across),
  }
}

function rateOf(input: MoneyInput, path: string, problems: ConfigProblem[]): Decimal {
  const rate = amountOf(input)
  if (rate && !rate.isNegative() && less(rate, ONE)) return rate
  problems.push({ path, expected: 'a fraction from 0 up to 1, such as 0.009', received: String(input) })
  return ONE
}

/**
 * Returns starting balances as exact amounts.
 *
 * @param known - currencies of the instruments; absent while the instruments are not known yet
 * @throws ConfigError with every problem
 */
export function parseCash(cash: Readonly<Record<string, MoneyInput>>, path: string, known?: ReadonlySet<string>): Readonly<Record<string, Decimal>> {
  const problems: ConfigProblem[] = []
  const parsed: Record<string, Decimal> = {}
  for (const [currency, input] of Object.entries(cash)) {
    const amount = amountOf(input)
    if (!currencyCode.test(currency)) problems.push({ path, expected: 'currency codes such as USD', received: JSON.stringify(currency) })
    else if (known && !known.has(currency))
      problems.push({ path: `${path}.${currency}`, expected: `a currency of the instruments (${[...known].join(', ')})`, received: currency })
    if (!amount || amount.isNegative())
      problems.push({ path: `${path}.${currency}`, expected: 'an amount >= 0, as a decimal string or a number of at most 15 digits', received: String(input) })
    else parsed[currency] = amount
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return parsed
}

function amountOf(input: MoneyInput): Decimal | undefined {
  try {
    return money(input)
  } catch {
    return undefined
  }
}
