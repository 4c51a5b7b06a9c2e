import type { Candle } from '../../model/candle.ts'
import type { EpochMs } from '../../model/time.ts'
import { DAY_MS, MINUTE_MS } from '../../model/time.ts'
import { exp } from '../../model/transcendental.ts'
import type { ProductRules } from '../products.ts'
import { MINUTES_PER_DAY, STEPS_PER_DAY, STEPS_PER_MINUTE, simulatedMarketParameters as parameters } from './parameters.ts'
import type { SimulatedCoin } from './parameters.ts'
import type { ProcessDay } from './price-process.ts'
import { randomStream } from './random.ts'
import type { RandomStream } from './random.ts'

/** One UTC day of one instrument: a price for each five-second step and a volume for each step with trades. */
export interface TradingDay {
  readonly startMs: EpochMs
  /** Price at the end of each step, on the price increment. */
  readonly price: Float64Array
  /** Base units traded since the minute began, on the base increment. */
  readonly minuteVolume: Float64Array
  /** 1 for each minute that has trades. */
  readonly traded: Uint8Array
}

/** Puts together a coin's day from the factor's and its own moves. `day` counts from 1970-01-01. */
export function tradingDay(seed: number, coin: SimulatedCoin, product: ProductRules, day: number, factor: ProcessDay, own: ProcessDay): TradingDay {
  const ticksPerUnit = stepsPerUnit(product.priceIncrement)
  const price = new Float64Array(STEPS_PER_DAY)
  for (let step = 0; step < STEPS_PER_DAY; step++) {
    const fair = coin.price * exp(coin.beta * factor.level[step]! + own.level[step]!)
    price[step] = Math.max(1, Math.round(fair * ticksPerUnit)) / ticksPerUnit
  }
  return { startMs: (day * DAY_MS) as EpochMs, price, ...trades(randomStream(seed, `${coin.base}/trades`, day), coin, product, price, own.activity) }
}

function trades(
  random: RandomStream,
  coin: SimulatedCoin,
  product: ProductRules,
  price: Float64Array,
  activity: Float64Array,
): Pick<TradingDay, 'minuteVolume' | 'traded'> {
  const lotsPerUnit = stepsPerUnit(product.baseIncrement)
  const minuteVolume = new Float64Array(STEPS_PER_DAY)
  const traded = new Uint8Array(MINUTES_PER_DAY)
  const deviation = parameters.volumeDeviation
  const usual = ((coin.dailyVolume / STEPS_PER_DAY) * lotsPerUnit) / (1 - coin.quietShare)
  for (let minute = 0; minute < MINUTES_PER_DAY; minute++) {
    const busy = activity[minute]! * exp(deviation * random.normal() - (deviation * deviation) / 2)
    traded[minute] = random.uniform() < coin.quietShare ? 0 : 1
    let lots = 0
    for (let step = minute * STEPS_PER_MINUTE; step < (minute + 1) * STEPS_PER_MINUTE; step++) {
      lots += Math.max(1, Math.round((usual / price[step]!) * busy * (0.5 + random.uniform())))
      minuteVolume[step] = lots / lotsPerUnit
    }
  }
  return { minuteVolume, traded }
}

/** Steps of a power of ten in one unit: exact, so that `count / steps` is the float64 nearest to the decimal. */
function stepsPerUnit(increment: string): number {
  const [whole, decimals = ''] = increment.split('.')
  if (Number(decimals === '' ? whole : decimals) !== 1) throw new RangeError(`expected an increment that is a power of ten up to 1, received ${increment}`)
  return Number(`1e${decimals.length}`)
}

/** The candle of a minute as it stands after `steps` (1..12) of its steps. */
export function minuteCandle(day: TradingDay, minute: number, steps: number): Candle {
  const first = minute * STEPS_PER_MINUTE
  const last = first + steps - 1
  const open = day.price[first]!
  let high = open
  let low = open
  for (let step = first + 1; step <= last; step++) {
    const price = day.price[step]!
    if (price > high) high = price
    if (price < low) low = price
  }
  return { openTime: (day.startMs + minute * MINUTE_MS) as EpochMs, open, high, low, close: day.price[last]!, volume: day.minuteVolume[last]! }
}

/** Minutes with trades of a day, from minute `from` to `to` (exclusive), given to `push` oldest first. */
export function eachMinute(day: TradingDay, from: number, to: number, push: (candle: Candle) => void): void {
  for (let minute = from; minute < to; minute++) {
    if (day.traded[minute] === 1) push(minuteCandle(day, minute, STEPS_PER_MINUTE))
  }
}
