import { add, amount, atMost, ceilTo, compare, floorTo, isZero, larger, less, mul, nearestTo, smaller, sub, text, toNumber } from '../amount.ts'
import type { Amount } from '../amount.ts'
import { isOver } from '../ledger/order.ts'
import type { Side, VenueOrder } from '../ledger/order.ts'
import type { Candle } from '../market/candles.ts'
import { createMinuteStore } from '../market/minute-store.ts'
import type { MinuteStore } from '../market/minute-store.ts'
import type { ProductMarket } from '../market/market.ts'
import type { Product } from '../market/products.ts'
import { chance, mix, numberOf } from '../random.ts'

/** Floats of the walk become amounts on this step before they are rounded to the product's. */
const FINE = amount('0.000000000001')

/** How deep the market itself is around its middle. */
export interface Depth {
  /** Difference of best bid and ask, in basis points of the price. */
  readonly spreadBps: number
  /** Price levels on each side. */
  readonly levels: number
  /** Distance of two levels, in basis points. */
  readonly stepBps: number
  /** Value in quote that a level has on average. */
  readonly valuePerLevel: number
}

export interface Level {
  readonly price: Amount
  size: Amount
}

/** Liquidity that somebody put into the book by hand. */
interface HandLevel extends Level {
  readonly side: Side
  readonly sequence: number
}

/** A trade of the public tape. */
export interface TapeTrade {
  readonly tradeId: string
  readonly product: string
  readonly price: Amount
  readonly size: Amount
  readonly makerSide: Side
  readonly atMs: number
}

export interface Book {
  readonly product: Product
  readonly market: ProductMarket
  readonly depth: Depth
  readonly key: number
  /** The most that the market's own levels hold on each side, since somebody said so. */
  most: Amount | undefined
  /** What the market's own prices are multiplied by, since somebody moved them. */
  scale: number
  /** Up to when the market was told. */
  untilMs: number
  /** The market's middle, kept between two refreshes. */
  mid: number
  /** The market's own best prices, once somebody needs them. */
  best: Readonly<Record<Side, Amount>> | undefined
  /** The market's own levels, best first; built when somebody needs them, gone with the next refresh. */
  ladder: Readonly<Record<Side, Level[]>> | undefined
  hand: HandLevel[]
  /** Orders of accounts, resting or waiting for their stop. */
  orders: VenueOrder[]
  lastPrice: Amount
  tape: TapeTrade[]
  /** Candles of minutes since the start. */
  readonly minutes: MinuteStore
  nextTrade: number
  /** The last 24 hours, as of a minute. */
  day: { readonly minute: number; readonly candle: Candle | undefined } | undefined
}

export interface BookOptions {
  readonly seed: number
  readonly startMs: number
  readonly market: ProductMarket
  readonly depth: Depth
}

export function createBook(product: Product, { seed, startMs, market, depth }: BookOptions): Book {
  const price = nearestTo(product.startPrice, product.priceIncrement)
  const key = mix(seed, numberOf(`${product.id} depth`))
  const book: Book = {
    ...{ product, market, depth, key, most: undefined, scale: 1, untilMs: startMs, mid: 0, best: undefined },
    ...{ ladder: undefined, hand: [], orders: [], lastPrice: price, tape: [], minutes: createMinuteStore(), nextTrade: 1_000_000, day: undefined },
  }
  refresh(book, startMs)
  return book
}

/** Takes the market's middle of a moment; what was taken from its levels is there again. */
export function refresh(book: Book, atMs: number): void {
  book.mid = book.market.mid(atMs) * book.scale
  book.best = undefined
  book.ladder = undefined
}

/** The market's own best bid (`BUY`) and ask (`SELL`), at least a tick apart. */
export function marketBest(book: Book): Readonly<Record<Side, Amount>> {
  if (book.best !== undefined) return book.best
  const { priceIncrement } = book.product
  const half = book.depth.spreadBps / 20_000
  const bid = larger(floorTo(nearestTo(book.mid * (1 - half), FINE), priceIncrement), priceIncrement)
  const ask = larger(ceilTo(nearestTo(book.mid * (1 + half), FINE), priceIncrement), add(bid, priceIncrement))
  book.best = { BUY: bid, SELL: ask }
  return book.best
}

/** Moves the middle to a price, from which the market goes on. */
export function moveTo(book: Book, price: number, atMs: number): void {
  const own = book.market.mid(atMs)
  book.scale = price / own
  refresh(book, atMs)
}

/** From now on the market itself offers no more than so much. */
export function limitDepth(book: Book, most: Amount): void {
  book.most = most
  book.ladder = undefined
}

export function ladderOf(book: Book): Readonly<Record<Side, Level[]>> {
  book.ladder ??= { BUY: levelsOf(book, 'BUY'), SELL: levelsOf(book, 'SELL') }
  return book.ladder
}

function levelsOf(book: Book, side: Side): Level[] {
  const { product, depth, mid } = book
  const step = larger(nearestTo((mid * depth.stepBps) / 10_000, product.priceIncrement), product.priceIncrement)
  const levels: Level[] = []
  for (let index = 0; index < depth.levels; index++) {
    const away = mul(step, amount(index))
    const best = marketBest(book)[side]
    const price = side === 'BUY' ? sub(best, away) : add(best, away)
    if (!less(amount(0), price)) break
    const value = depth.valuePerLevel * (0.5 + chance(book.key, index, side === 'BUY' ? 0 : 1))
    levels.push({ price, size: larger(nearestTo(value / toNumber(price), product.baseIncrement), product.baseIncrement) })
  }
  return book.most === undefined ? levels : cutTo(levels, book.most)
}

function cutTo(levels: readonly Level[], most: Amount): Level[] {
  let left = most
  return levels.flatMap(({ price, size }) => {
    const part = smaller(size, left)
    left = sub(left, part)
    return isZero(part) ? [] : [{ price, size: part }]
  })
}

export const oppositeOf = (side: Side): Side => (side === 'BUY' ? 'SELL' : 'BUY')

/** True when a price is at least as good as another for who buys or sells at it. */
export const reaches = (side: Side, price: Amount, limit: Amount): boolean => (side === 'BUY' ? atMost(price, limit) : atMost(limit, price))

/** What stands against a taker: the market's own level, a level put there by hand, or an order. */
export type Resting =
  | { readonly kind: 'market'; readonly price: Amount; readonly level: Level }
  | { readonly kind: 'hand'; readonly price: Amount; readonly level: HandLevel }
  | { readonly kind: 'order'; readonly price: Amount; readonly order: VenueOrder }

/** Returns what a taker meets first: best price, then the market's own, then what came first. */
export function firstAgainst(book: Book, taker: Side): Resting | undefined {
  const side = oppositeOf(taker)
  const [level] = ladderOf(book)[side]
  let best: Resting | undefined = level && { kind: 'market', price: level.price, level }
  let bestSequence = -1
  const offer = (candidate: Resting, sequence: number): void => {
    const order = best === undefined ? -1 : compare(candidate.price, best.price) * (taker === 'BUY' ? 1 : -1)
    if (order > 0 || (order === 0 && sequence > bestSequence)) return
    best = candidate
    bestSequence = sequence
  }
  for (const hand of book.hand) if (hand.side === side) offer({ kind: 'hand', price: hand.price, level: hand }, hand.sequence)
  for (const order of restingOf(book, side)) offer({ kind: 'order', price: order.limitPrice!, order }, order.sequence)
  return best
}

/** Orders of a side that rest in the book, in no particular order. */
export const restingOf = (book: Book, side: Side): VenueOrder[] =>
  book.orders.filter((order) => order.side === side && !order.waiting && !isOver(order) && order.status !== 'PENDING')

/** Takes from a level; an empty one is removed. */
export function takeFrom(book: Book, resting: Extract<Resting, { kind: 'market' | 'hand' }>, quantity: Amount): void {
  resting.level.size = sub(resting.level.size, quantity)
  if (!isZero(resting.level.size)) return
  const { BUY, SELL } = ladderOf(book)
  for (const levels of [BUY, SELL]) if (levels[0] === resting.level) levels.shift()
  book.hand = book.hand.filter((level) => level !== resting.level)
}

/** Best bid and ask with everything in the book; undefined for an empty side. */
export function bestOf(book: Book, side: Side): { readonly price: Amount; readonly size: Amount } | undefined {
  const first = firstAgainst(book, oppositeOf(side))
  return first && depthOf(book, side).find(({ price }) => compare(price, first.price) === 0)
}

/** Everything on a side, one row a price, best first. */
export function depthOf(book: Book, side: Side): readonly { readonly price: Amount; readonly size: Amount }[] {
  const rows = new Map<string, { price: Amount; size: Amount }>()
  const put = (price: Amount, size: Amount): void => {
    const row = rows.get(text(price)) ?? { price, size: amount(0) }
    rows.set(text(price), { price, size: add(row.size, size) })
  }
  for (const { price, size } of ladderOf(book)[side]) put(price, size)
  for (const level of book.hand) if (level.side === side) put(level.price, level.size)
  for (const order of restingOf(book, side)) put(order.limitPrice!, order.leaves)
  return [...rows.values()].toSorted((a, b) => compare(a.price, b.price) * (side === 'BUY' ? -1 : 1))
}
