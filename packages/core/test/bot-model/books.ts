import type { BotConfig, EngineState, JournalEntry } from '@millrace/core'
import { exact, product, sum, times, toNumber } from './exact.ts'
import type { Exact } from './exact.ts'
import { limits } from './setup.ts'

interface ModelOrder {
  readonly id: string
  readonly botId: string
  readonly side: 'buy' | 'sell'
  readonly quoteSize: Exact
  readonly baseSize: Exact
  spent: Exact
  booked: Exact
  state: string
  reported: Exact
}

interface Lot {
  readonly orderId: string
  quantity: Exact
  /** At the prices paid, without fees. */
  value: number
  /** With fees. */
  cost: number
}

interface ModelBot {
  readonly id: string
  readonly instrument: string
  quantity: Exact
  lots: Lot[]
  paused: boolean
  /** Price of the last fill of a finished order: what dust is measured with. */
  lastPrice: number
  /** Money in less money out since the bot was flat. */
  roundTrip: Exact
  /** Round trips in a row that lost, and the end of the last of them. */
  losses: number
  lastLossMs: number
}

type Data = Readonly<Record<string, string>>

const DAY_MS = 86_400_000
const EPSILON = 1e-6
/** Bots that pause after losses in a row. */
const streakBots = new Set(['quick', 'watchful'])
const ends = new Set(['filled', 'cancelled', 'expired', 'rejected'])
const rank: Readonly<Record<string, number>> = { intent: 0, sent: 1, unknown: 1, open: 2, partiallyFilled: 3, filled: 4, cancelled: 4, expired: 4, rejected: 4 }

/**
 * The model: a second set of books, kept in whole numbers from the text of the journal and the prices of the market alone. It knows what must never be, not
 * how the engine decides.
 */
export class Books {
  /** What must not be and was; empty when all is well. */
  readonly breaches: string[] = []
  readonly counts = { buys: 0, sells: 0, partial: 0, orders: 0, rejected: 0, unknown: 0, latches: 0, days: 0, stops: 0, streaks: 0, patches: 0, refusals: 0 }
  readonly prices = new Map<string, number>()
  /** Sales that were asked for during the event at hand. */
  readonly soldNow = new Set<string>()
  /** Those in force: patches tighten them. */
  readonly inForce = { tradeMax: limits.tradeMax as number, exposure: limits.exposure as number, dailyTradesAccount: limits.dailyTradesAccount as number }
  halted = false
  paused = false
  lossReached = false
  private readonly bots = new Map<string, ModelBot>()
  private readonly orders = new Map<string, ModelOrder>()
  private readonly working = new Map<string, ModelOrder>()
  private readonly fills = new Set<string>()
  private readonly entriesOfDay = new Map<string, Set<string>>()
  private cash: Exact = 0n
  private deposits: Exact = 0n
  private dayEquity = 0
  /** What cannot be sold is named flat and valued at nothing: a day that began with some is measured a little differently. */
  private dayHasDust = false
  private seq = 0

  constructor(bots: readonly BotConfig[]) {
    for (const { id, instrument } of bots)
      this.bots.set(id, { id, instrument, quantity: 0n, lots: [], paused: false, lastPrice: Number.NaN, roundTrip: 0n, losses: 0, lastLossMs: 0 })
  }

  entry(entry: JournalEntry): void {
    if (entry.seq !== ++this.seq) this.breach(entry, `expected entry ${this.seq}`)
    const data = entry.data as Data
    switch (entry.type) {
      case 'adjustment':
        this.cash += exact(data['amount']!)
        this.deposits += exact(data['amount']!)
        this.dayEquity += toNumber(exact(data['amount']!))
        break
      case 'intent':
        this.intent(entry, data)
        break
      case 'sent':
        this.order(entry, data).state = 'sent'
        if (this.halted && this.order(entry, data).side === 'buy') this.breach(entry, 'an entry left while halted')
        break
      case 'orderEvent':
        this.report(entry, data)
        break
      case 'fill':
        this.fill(entry, data)
        break
      case 'latch':
        this.latch(data['reason']!)
        break
      case 'command':
        if (entry.botId !== undefined && (data['kind'] === 'pause' || data['kind'] === 'resume')) this.bots.get(entry.botId)!.paused = data['kind'] === 'pause'
        break
      case 'dayRolled':
        this.counts.days++
        this.dayEquity = this.equity()
        this.dayHasDust = this.hasDust
        this.lossReached = false
        break
      default:
    }
    if (this.cash < this.reserved()) this.breach(entry, `cash ${toNumber(this.cash)}, of which ${toNumber(this.reserved())} is promised`)
  }

  /** To be told after the engine took an event: the price is the last that anything may be valued at. */
  after(closes: ReadonlyMap<string, number>): void {
    for (const [instrument, close] of closes) this.prices.set(instrument, close)
    if (this.lossToday() >= limits.dailyLoss + EPSILON) this.lossReached = true
  }

  /** Bots that hold something and whose stop is passed by this close: each must have asked to sell, whatever limits its entries. */
  mustSell(instrument: string, close: number): string[] {
    if (this.halted) return []
    return [...this.bots.values()]
      .filter((bot) => bot.instrument === instrument && bot.id !== 'bare' && !this.working.has(bot.id) && !this.soldNow.has(bot.id))
      .filter((bot) => {
        const quantity = toNumber(bot.quantity)
        const value = bot.lots.reduce((total, lot) => total + lot.value, 0)
        return quantity * Math.min(close, bot.lastPrice) > 2 && close < (value / quantity) * (1 - limits.stopLoss) * (1 - EPSILON)
      })
      .map(({ id }) => id)
  }

  /** Compares what the engine says of itself with the books: money to the last digit. */
  state(state: EngineState): void {
    const same = (what: string, found: unknown, wanted: unknown): void => {
      if (found !== wanted) this.breaches.push(`state at ${state.nowMs}: ${what} is ${String(found)}, the books say ${String(wanted)}`)
    }
    const price = (instrument: string): string => String(this.prices.get(instrument) ?? 0)
    const coins = sum([...this.bots.values()].map(({ quantity, instrument }) => times(quantity, price(instrument))))
    same('cash', exact(state.cash.total), this.cash)
    same('reserved cash', exact(state.cash.reserved), this.reserved())
    same('available and reserved cash', exact(state.cash.available) + exact(state.cash.reserved), this.cash)
    same('coins', exact(state.coins), coins)
    same('equity', exact(state.equity), this.cash + coins)
    same('equity less deposits', exact(state.equity) - this.deposits, exact(state.realizedPnl) + exact(state.unrealizedPnl))
    same('trading state', state.tradingState === 'halted', this.halted)
    if (this.paused && state.tradingState === 'active') same('trading state', 'active', 'paused')
    if (this.lossReached && state.tradingState === 'active') same('trading state', 'active', `a loss of ${this.lossToday()} today`)
    if (!this.dayHasDust && !this.hasDust && Math.abs(state.today.loss - Math.max(0, this.lossToday())) > EPSILON)
      same("today's loss", state.today.loss, this.lossToday())
    for (const bot of state.bots) {
      const own = this.bots.get(bot.id)!
      same(`quantity of ${bot.id}`, exact(bot.position.quantity), own.quantity)
      same(`working order of ${bot.id}`, bot.workingOrder?.clientOrderId, this.working.get(bot.id)?.id)
      same(`pause of ${bot.id}`, bot.paused, own.paused)
    }
  }

  get isFlat(): boolean {
    return this.working.size === 0 && [...this.bots.values()].every((bot) => bot.quantity === 0n || this.isDust(bot))
  }

  /** What is open, for a message. */
  describe(): string {
    const held = [...this.bots.values()].filter(({ quantity }) => quantity > 0n).map(({ id, quantity }) => `${id} holds ${toNumber(quantity)}`)
    return [...held, ...[...this.working.values()].map(({ botId, side, state }) => `${botId} has a ${side} ${state}`)].join(', ') || 'nothing is open'
  }

  private latch(reason: string): void {
    this.counts.latches++
    if (reason === 'emergencyStop' || reason === 'invariant') this.halted = true
    if (reason === 'rearm') this.halted = false
    if (reason === 'pause') this.paused = true
    if (reason === 'resume') this.paused = false
    if (reason === 'dailyLoss') this.lossReached = true
  }

  private intent(entry: JournalEntry, data: Data): void {
    const bot = this.bots.get(entry.botId!)!
    const side = data['side'] as 'buy' | 'sell'
    this.counts.orders++
    if (this.working.has(bot.id)) this.breach(entry, 'a second order of one bot')
    if (this.orders.has(data['clientOrderId']!)) this.breach(entry, `order id ${data['clientOrderId']} is used twice`)
    if (data['instrument'] !== bot.instrument) this.breach(entry, `an order of ${data['instrument']}`)
    const others = [...this.working.values()].filter(({ botId }) => botId !== bot.id && this.bots.get(botId)!.instrument === bot.instrument)
    if (side === 'buy') this.checkEntry(entry, bot, exact(data['quoteSize']!), others)
    else this.checkExit(entry, bot, data, others)
    const order: ModelOrder = {
      id: data['clientOrderId']!,
      botId: bot.id,
      side,
      quoteSize: side === 'buy' ? exact(data['quoteSize']!) : 0n,
      baseSize: side === 'sell' ? exact(data['baseSize']!) : 0n,
      spent: 0n,
      booked: 0n,
      state: 'intent',
      reported: 0n,
    }
    this.orders.set(order.id, order)
    this.working.set(bot.id, order)
  }

  private checkExit(entry: JournalEntry, bot: ModelBot, data: Data, others: readonly ModelOrder[]): void {
    this.soldNow.add(bot.id)
    if (data['source']!.includes('stop-loss')) this.counts.stops++
    if (exact(data['baseSize']!) > bot.quantity) this.breach(entry, 'a sale of more than the bot holds')
    if (this.halted && data['origin'] !== 'manual') this.breach(entry, 'a sale while halted that nobody asked for')
    if (data['origin'] === 'strategy' && others.some(({ side }) => side === 'buy')) this.breach(entry, 'a signal sells to another bot of the account')
  }

  private checkEntry(entry: JournalEntry, bot: ModelBot, size: Exact, others: readonly ModelOrder[]): void {
    if (this.halted) this.breach(entry, 'an entry while halted')
    if (this.paused || bot.paused) this.breach(entry, 'an entry while paused')
    if (this.lossReached) this.breach(entry, "an entry after the day's loss limit")
    if (others.some(({ side }) => side === 'sell')) this.breach(entry, 'an entry beside a sale of the same instrument')
    if (others.some(({ state }) => state === 'unknown')) this.breach(entry, 'an entry beside an unknown order')
    const amount = toNumber(size)
    const costs = [...this.bots.values()].map((each) => costOf(each))
    if (amount < limits.tradeMin) this.breach(entry, `an entry of ${amount}`)
    const within = (what: string, used: number, limit: number): void => {
      if (used > limit + EPSILON) this.breach(entry, `${what}: ${used} of ${limit}`)
    }
    within('trade size', amount, this.inForce.tradeMax)
    if (streakBots.has(bot.id) && bot.losses >= limits.losses && entry.atMs < bot.lastLossMs + limits.lossPauseMs)
      this.breach(entry, `an entry after ${bot.losses} losses in a row`)
    within('position', costOf(bot) + amount, limits.perBot)
    within('exposure', costs.reduce((a, b) => a + b, 0) + toNumber(this.reserved()) + amount, this.inForce.exposure)
    within('tranches', bot.lots.filter((lot) => lot.value >= 1 + EPSILON).length + 1, limits.tranches)
    const open = [...this.bots.values()].filter((each) => each !== bot && (this.working.get(each.id)?.side === 'buy' || this.isSurelyOpen(each)))
    within('open positions', open.length + 1, limits.openPositions)
    const pending = [...this.working.values()].filter(({ side, booked }) => side === 'buy' && booked === 0n).length
    const made = (botId: string): number => this.entriesOn(entry.atMs, botId).size
    within('entries of the bot today', made(bot.id) + 1, limits.dailyTradesBot)
    within('entries of the account today', [...this.bots.keys()].reduce((total, id) => total + made(id), 0) + pending + 1, this.inForce.dailyTradesAccount)
  }

  private report(entry: JournalEntry, data: Data): void {
    const order = this.order(entry, data)
    const to = data['state']!
    if (ends.has(order.state) || rank[to]! < rank[order.state]!) this.breach(entry, `an order went from ${order.state} to ${to}`)
    if (to === 'rejected') this.counts.rejected++
    if (to === 'unknown') this.counts.unknown++
    if (to === 'partiallyFilled' || (to === 'cancelled' && exact(data['filledQuantity']!) > 0n)) this.counts.partial++
    order.state = to
    order.reported = exact(data['filledQuantity']!)
    this.settle(order, Number.NaN)
  }

  private fill(entry: JournalEntry, data: Data): void {
    if (this.fills.has(data['fillId']!)) return this.breach(entry, `fill ${data['fillId']} is booked twice`)
    this.fills.add(data['fillId']!)
    const order = this.order(entry, data)
    const bot = this.bots.get(order.botId)!
    if (entry.botId !== order.botId || data['side'] !== order.side || data['instrument'] !== bot.instrument || data['feeCurrency'] !== 'USD')
      this.breach(entry, 'a fill that is not of its order')
    const quantity = exact(data['quantity']!)
    const value = product(data['price']!, data['quantity']!)
    const fee = exact(data['feeAmount']!)
    if (quantity <= 0n || fee <= 0n) this.breach(entry, 'a fill without a size or without a fee')
    order.booked += quantity
    if (order.side === 'buy') {
      this.counts.buys++
      this.cash -= value + fee
      order.spent += value + fee
      if (order.spent > order.quoteSize) this.breach(entry, `${toNumber(order.spent)} left for an order of ${toNumber(order.quoteSize)}`)
      bot.roundTrip -= value + fee
      this.buy(bot, order.id, quantity, toNumber(value), toNumber(value + fee))
      this.entriesOn(Number(data['filledAtMs']), bot.id).add(order.id)
    } else {
      this.counts.sells++
      this.cash += value - fee
      if (order.booked > order.baseSize) this.breach(entry, 'more was sold than the order said')
      bot.roundTrip += value - fee
      this.sell(entry, bot, quantity)
      if (bot.quantity === 0n) this.endRoundTrip(bot, Number(data['filledAtMs']))
    }
    this.settle(order, Number(data['price']))
  }

  private buy(bot: ModelBot, orderId: string, quantity: Exact, value: number, cost: number): void {
    bot.quantity += quantity
    const lot = bot.lots.find((each) => each.orderId === orderId)
    if (lot === undefined) bot.lots.push({ orderId, quantity, value, cost })
    else {
      lot.quantity += quantity
      lot.value += value
      lot.cost += cost
    }
  }

  private endRoundTrip(bot: ModelBot, atMs: number): void {
    if (bot.roundTrip < 0n) {
      bot.losses++
      bot.lastLossMs = atMs
      if (bot.losses >= limits.losses) this.counts.streaks++
    } else bot.losses = 0
    bot.roundTrip = 0n
  }

  /** First in, first out. */
  private sell(entry: JournalEntry, bot: ModelBot, quantity: Exact): void {
    if (quantity > bot.quantity) this.breach(entry, 'a bot sold what it did not buy')
    bot.quantity -= quantity
    for (let left = quantity; left > 0n && bot.lots.length > 0;) {
      const lot = bot.lots[0]!
      const taken = left < lot.quantity ? left : lot.quantity
      const kept = toNumber(lot.quantity - taken) / toNumber(lot.quantity)
      lot.value *= kept
      lot.cost *= kept
      lot.quantity -= taken
      left -= taken
      if (lot.quantity === 0n) bot.lots.shift()
    }
  }

  /** An order is over when the venue is done with it and everything it reported is booked. */
  private settle(order: ModelOrder, price: number): void {
    const bot = this.bots.get(order.botId)!
    if (price > 0) bot.lastPrice = price
    if (ends.has(order.state) && order.booked >= order.reported && this.working.get(order.botId) === order) this.working.delete(order.botId)
  }

  private order(entry: JournalEntry, data: Data): ModelOrder {
    const order = this.orders.get(data['clientOrderId']!)
    if (order !== undefined) return order
    throw new Error(`entry ${entry.seq} (${entry.type}) speaks of an order that nobody wrote down: ${data['clientOrderId']}`)
  }

  /** What working orders may still take of the cash. */
  private reserved(): Exact {
    return sum([...this.working.values()].map((order) => (order.side === 'buy' ? order.quoteSize - order.spent : 0n)))
  }

  private equity(): number {
    return [...this.bots.values()].reduce(
      (total, { quantity, instrument }) => total + toNumber(quantity) * (quantity === 0n ? 0 : this.prices.get(instrument)!),
      toNumber(this.cash),
    )
  }

  private lossToday(): number {
    return this.dayEquity - this.equity()
  }

  private get hasDust(): boolean {
    return [...this.bots.values()].some((bot) => this.isDust(bot))
  }

  private isDust(bot: ModelBot): boolean {
    return bot.quantity > 0n && !this.isSurelyOpen(bot)
  }

  /** Worth well over what the venue would take. */
  private isSurelyOpen(bot: ModelBot): boolean {
    return toNumber(bot.quantity) * bot.lastPrice > 1.5
  }

  private entriesOn(atMs: number, botId: string): Set<string> {
    const key = `${Math.floor(atMs / DAY_MS)} ${botId}`
    const known = this.entriesOfDay.get(key)
    if (known !== undefined) return known
    const made = new Set<string>()
    this.entriesOfDay.set(key, made)
    return made
  }

  private breach(entry: JournalEntry, what: string): void {
    this.breaches.push(`entry ${entry.seq} (${entry.type} of ${entry.botId ?? 'the account'}): ${what}`)
  }
}

const costOf = (bot: ModelBot): number => bot.lots.reduce((total, { cost }) => total + cost, 0)
