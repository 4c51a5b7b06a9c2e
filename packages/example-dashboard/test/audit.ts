import type { EngineState, JournalEntry } from '@millrace/core'
import { exact, exactText, product, share } from './exact.ts'
import type { Exact } from './exact.ts'

/** The limits that a run was given. */
export interface Limits {
  readonly tradeMin: number
  readonly tradeMax: number
  readonly perBot: number
  readonly exposure: number
  readonly tranches: number
  readonly openPositions: number
  readonly dailyTradesBot: number
  readonly dailyTradesAccount: number
  readonly dailyLoss: number
}

/** What `bots.json` allows. */
export const bundledLimits: Limits = {
  tradeMin: 5,
  tradeMax: 25,
  perBot: 75,
  exposure: 800,
  tranches: 3,
  openPositions: 11,
  dailyTradesBot: 12,
  dailyTradesAccount: 100,
  dailyLoss: 100,
}

interface AuditedOrder {
  readonly botId: string
  readonly side: 'buy' | 'sell'
  readonly quoteSize: Exact
  spent: Exact
  booked: Exact
  state: string
  reported: Exact
}

/** What is left of one entry. */
interface Lot {
  readonly orderId: string
  quantity: Exact
  /** At the prices paid, without fees. */
  value: Exact
  /** With fees. */
  cost: Exact
}

interface AuditedBot {
  readonly instrument: string
  quantity: Exact
  lots: Lot[]
}

type Data = Readonly<Record<string, string>>

const DAY_MS = 86_400_000
const finalStates = new Set(['filled', 'cancelled', 'expired', 'rejected'])
const sum = (amounts: Iterable<Exact>): Exact => [...amounts].reduce((total, amount) => total + amount, 0n)
const dollars = (amount: number): Exact => exact(String(amount))
/** What no venue would buy back: a rest that cost less is no tranche. */
const DUST = dollars(1)

/**
 * Keeps the books of a run a second time, from the text of its journal and the prices of its market alone, and notes everything that must not be.
 * It shares no code with the library: what the two agree on is right, or wrong twice over in different ways.
 */
export class Audit {
  readonly breaches: string[] = []
  readonly fillIds = new Set<string>()
  readonly orders = new Map<string, AuditedOrder>()
  readonly bots = new Map<string, AuditedBot>()
  /** The highest share of each limit that was ever used, 0..1: how near a run came. */
  readonly used: Record<keyof Limits, number> = {
    tradeMin: 0,
    tradeMax: 0,
    perBot: 0,
    exposure: 0,
    tranches: 0,
    openPositions: 0,
    dailyTradesBot: 0,
    dailyTradesAccount: 0,
    dailyLoss: 0,
  }
  buys = 0
  sells = 0
  /** Sales on a day whose loss limit had been reached. */
  exitsAfterLoss = 0
  cash: Exact = 0n
  deposits: Exact = 0n
  private readonly limits: Limits
  private readonly working = new Map<string, AuditedOrder>()
  private readonly prices = new Map<string, string>()
  private readonly entriesOfDay = new Map<string, Set<string>>()
  private day = Number.NaN
  private dayEquity: Exact = 0n
  private lossReached = false
  private seq = 0

  constructor(limits: Limits = bundledLimits) {
    this.limits = limits
  }

  /** A price that the market shows, told before the engine takes it. */
  price(instrument: string, price: number, atMs: number): void {
    const day = Math.floor(atMs / DAY_MS)
    if (day !== this.day) {
      this.day = day
      this.dayEquity = this.equity()
      this.lossReached = false
    }
    this.prices.set(instrument, String(price))
  }

  /** To be told after the engine has taken an event. */
  afterEvent(): void {
    if (this.lossToday() >= dollars(this.limits.dailyLoss)) this.lossReached = true
  }

  entry(entry: JournalEntry): void {
    if (entry.seq !== ++this.seq) this.breach(entry, `expected entry ${this.seq}`)
    const data = entry.data as Data
    if (entry.type === 'runStarted')
      for (const { id, instrument } of (entry.data as unknown as { bots: { id: string; instrument: string }[] }).bots) this.hire(id, instrument)
    if (entry.type === 'adjustment') this.deposit(data)
    if (entry.type === 'intent') this.intent(entry, data)
    if (entry.type === 'orderEvent') this.report(data)
    if (entry.type === 'fill') this.fill(entry, data)
    this.checkBalances(entry)
  }

  /** Compares a state of the engine with the books; every figure to the last digit. */
  state(state: EngineState): void {
    const expectEqual = (what: string, found: string, wanted: Exact): void => {
      if (exact(found) !== wanted) this.breaches.push(`state at ${state.nowMs}: ${what} is ${found}, the books say ${exactText(wanted)}`)
    }
    const coins = sum(state.bots.map((bot) => (bot.price === undefined ? 0n : product(bot.position.quantity, String(bot.price)))))
    expectEqual('cash', state.cash.total, this.cash)
    expectEqual('cash available + reserved', state.cash.total, exact(state.cash.available) + exact(state.cash.reserved))
    expectEqual('reserved', state.cash.reserved, this.reserved())
    expectEqual('coins', state.coins, coins)
    expectEqual('equity', state.equity, exact(state.cash.total) + coins)
    expectEqual('equity less deposits', state.equity, this.deposits + exact(state.realizedPnl) + exact(state.unrealizedPnl))
    expectEqual('realised', state.realizedPnl, sum(state.bots.map((bot) => exact(bot.realizedPnl))))
    for (const bot of state.bots) expectEqual(`quantity of ${bot.id}`, bot.position.quantity, this.bots.get(bot.id)!.quantity)
    for (const bot of state.bots)
      if ((bot.workingOrder !== undefined) !== this.working.has(bot.id))
        this.breaches.push(`state at ${state.nowMs}: the working order of ${bot.id} is not that of the books`)
  }

  /** Cash and coins at the last price. */
  equity(): Exact {
    return (
      this.cash +
      sum([...this.bots.values()].map(({ instrument, quantity }) => (quantity === 0n ? 0n : product(exactText(quantity), this.prices.get(instrument) ?? '0'))))
    )
  }

  /** What working orders may still take of the cash. */
  reserved(): Exact {
    return sum([...this.working.values()].map((order) => (order.side === 'buy' ? order.quoteSize - order.spent : 0n)))
  }

  get workingOrders(): number {
    return this.working.size
  }

  /** UTC days on which a bot entered. */
  get daysWithEntries(): number {
    return new Set([...this.entriesOfDay].filter(([, orders]) => orders.size > 0).map(([key]) => key.split(' ')[0])).size
  }

  private hire(botId: string, instrument: string): void {
    if (!this.bots.has(botId)) this.bots.set(botId, { instrument, quantity: 0n, lots: [] })
  }

  private deposit({ amount, currency }: Data): void {
    if (currency !== 'USD') this.breaches.push(`a deposit of ${currency}`)
    this.cash += exact(amount!)
    this.deposits += exact(amount!)
    this.dayEquity += exact(amount!)
  }

  private intent(entry: JournalEntry, data: Data): void {
    const botId = entry.botId!
    const side = data['side'] as 'buy' | 'sell'
    if (this.working.has(botId)) this.breach(entry, `${botId} has an order at work already`)
    if (this.orders.has(data['clientOrderId']!)) this.breach(entry, `order id ${data['clientOrderId']} is used twice`)
    const bot = this.bots.get(botId)!
    if (data['instrument'] !== bot.instrument) this.breach(entry, `${botId} orders ${data['instrument']}`)
    const quoteSize = side === 'buy' ? exact(data['quoteSize']!) : 0n
    if (side === 'buy') this.checkEntry(entry, bot, quoteSize)
    else if (exact(data['baseSize']!) > bot.quantity) this.breach(entry, `${botId} sells more than it holds`)
    const order: AuditedOrder = { botId, side, quoteSize, spent: 0n, booked: 0n, state: 'intent', reported: 0n }
    this.orders.set(data['clientOrderId']!, order)
    this.working.set(botId, order)
  }

  private checkEntry(entry: JournalEntry, bot: AuditedBot, size: Exact): void {
    const { limits } = this
    if (size < dollars(limits.tradeMin)) this.breach(entry, `an entry of ${exactText(size)}`)
    this.within(entry, 'tradeMax', size, dollars(limits.tradeMax))
    this.within(entry, 'perBot', costOf(bot) + size, dollars(limits.perBot))
    this.within(entry, 'exposure', sum([...this.bots.values()].map(costOf)) + this.reserved() + size, dollars(limits.exposure))
    this.within(entry, 'tranches', BigInt(bot.lots.filter(({ value }) => value >= DUST).length + 1), BigInt(limits.tranches))
    const buying = (botId: string): boolean => this.working.get(botId)?.side === 'buy'
    const others = [...this.bots].filter(([botId, each]) => each !== bot && (each.lots.length > 0 || buying(botId))).length
    this.within(entry, 'openPositions', BigInt(others + 1), BigInt(limits.openPositions))
    const pending = [...this.working.values()].filter((order) => order.side === 'buy' && order.booked === 0n).length
    const today = [...this.bots.keys()].map((botId) => this.entriesToday(botId, entry.atMs))
    this.within(entry, 'dailyTradesBot', BigInt(this.entriesToday(entry.botId!, entry.atMs) + 1), BigInt(limits.dailyTradesBot))
    this.within(entry, 'dailyTradesAccount', BigInt(today.reduce((a, b) => a + b, 0) + pending + 1), BigInt(limits.dailyTradesAccount))
    if (this.lossReached || this.lossToday() >= dollars(limits.dailyLoss))
      this.breach(entry, 'an entry at or after the moment the daily loss limit was reached')
  }

  private within(entry: JournalEntry, name: keyof Limits, amount: Exact, limit: Exact): void {
    this.used[name] = Math.max(this.used[name], Number((amount * 1_000_000n) / limit) / 1_000_000)
    if (amount > limit) this.breach(entry, `${name}: ${amount} is more than ${limit}`)
  }

  private report({ clientOrderId, state, filledQuantity }: Data): void {
    const order = this.orders.get(clientOrderId!)!
    order.state = state!
    order.reported = exact(filledQuantity!)
    this.settle(order)
  }

  private fill(entry: JournalEntry, data: Data): void {
    if (this.fillIds.has(data['fillId']!)) return this.breach(entry, `fill ${data['fillId']} is booked twice`)
    this.fillIds.add(data['fillId']!)
    const order = this.orders.get(data['clientOrderId']!)
    if (order === undefined) return this.breach(entry, `a fill of no order`)
    const bot = this.bots.get(order.botId)!
    if (entry.botId !== order.botId || data['side'] !== order.side || data['instrument'] !== bot.instrument || data['feeCurrency'] !== 'USD')
      this.breach(entry, `a fill that is not of its order`)
    const quantity = exact(data['quantity']!)
    const value = product(data['price']!, data['quantity']!)
    const fee = exact(data['feeAmount']!)
    if (quantity <= 0n || fee <= 0n) this.breach(entry, 'a fill without a size or without a fee')
    order.booked += quantity
    if (order.side === 'buy') {
      this.buys++
      this.buy(entry, bot, order, { orderId: data['clientOrderId']!, quantity, value, cost: value + fee })
      this.entriesOf(order.botId, Number(data['filledAtMs'])).add(data['clientOrderId']!)
    } else {
      this.sells++
      if (this.lossReached) this.exitsAfterLoss++
      this.cash += value - fee
      this.sell(entry, bot, quantity)
    }
    this.settle(order)
  }

  private buy(entry: JournalEntry, bot: AuditedBot, order: AuditedOrder, bought: Lot): void {
    this.cash -= bought.cost
    order.spent += bought.cost
    bot.quantity += bought.quantity
    const lot = bot.lots.find(({ orderId }) => orderId === bought.orderId)
    if (lot === undefined) bot.lots.push(bought)
    else {
      lot.quantity += bought.quantity
      lot.value += bought.value
      lot.cost += bought.cost
    }
    if (order.spent > order.quoteSize) this.breach(entry, `${exactText(order.spent)} left for an order of ${exactText(order.quoteSize)}`)
  }

  /** First in, first out. */
  private sell(entry: JournalEntry, bot: AuditedBot, quantity: Exact): void {
    if (quantity > bot.quantity) this.breach(entry, 'a bot sold what it did not buy')
    bot.quantity -= quantity
    for (let left = quantity; left > 0n && bot.lots.length > 0;) {
      const lot = bot.lots[0]!
      const taken = left < lot.quantity ? left : lot.quantity
      lot.value -= share(lot.value, taken, lot.quantity)
      lot.cost -= share(lot.cost, taken, lot.quantity)
      lot.quantity -= taken
      left -= taken
      if (lot.quantity === 0n) bot.lots.shift()
    }
  }

  /** An order is over when the venue is done with it and everything it reported is booked. */
  private settle(order: AuditedOrder): void {
    if (finalStates.has(order.state) && order.booked === order.reported && this.working.get(order.botId) === order) this.working.delete(order.botId)
  }

  private checkBalances(entry: JournalEntry): void {
    if (this.cash - this.reserved() < 0n) this.breach(entry, `cash ${exactText(this.cash)}, of which ${exactText(this.reserved())} is promised`)
    for (const [botId, { quantity }] of this.bots) if (quantity < 0n) this.breach(entry, `${botId} holds ${exactText(quantity)}`)
  }

  private lossToday(): Exact {
    const loss = this.dayEquity - this.equity()
    const limit = dollars(this.limits.dailyLoss)
    this.used.dailyLoss = Math.max(this.used.dailyLoss, Number((loss * 1_000_000n) / limit) / 1_000_000)
    return loss
  }

  private entriesOf(botId: string, atMs: number): Set<string> {
    const key = `${Math.floor(atMs / DAY_MS)} ${botId}`
    const known = this.entriesOfDay.get(key)
    if (known !== undefined) return known
    const made = new Set<string>()
    this.entriesOfDay.set(key, made)
    return made
  }

  private entriesToday(botId: string, atMs: number): number {
    return this.entriesOf(botId, atMs).size
  }

  private breach(entry: JournalEntry, what: string): void {
    this.breaches.push(`entry ${entry.seq} (${entry.type}, ${entry.botId ?? 'account'}): ${what}`)
  }
}

const costOf = (bot: AuditedBot): Exact => sum(bot.lots.map(({ cost }) => cost))
