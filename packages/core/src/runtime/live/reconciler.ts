import type { Clock } from '../../contracts/clock.ts'
import type { Exchange } from '../../contracts/exchange.ts'
import { isFinal } from '../../engine/order-machine.ts'
import { currenciesOf } from '../../model/instrument.ts'
import type { EpochMs } from '../../model/time.ts'
import { NO_BALANCES } from '../account-side.ts'
import { WakeTimer } from '../wake-timer.ts'
import { BalanceCheck } from './compare-balances.ts'
import type { Compared } from './compare-balances.ts'
import { withDeadline } from './deadline.ts'
import type { DeskHost } from './desk-host.ts'
import { QUESTION_MS, awaitsFills, isNameless } from './fill-feed.ts'
import type { OrderDesk } from './order-desk.ts'
import { isLost, recoverLost } from './recover-lost.ts'

/** Our books are held against the venue's this often. */
const EVERY_MS = 45_000
/** A difference is looked at again after this long. */
const AGAIN_MS = 6_000
const FIRST_RETRY_MS = 1_000
/** An order that ended this long ago and is still in the venue's list is not one that a list shows late. */
const STRAY_MS = 10_000
const LONGEST_RETRY_MS = 30_000

const LATE = { problem: 'it took too long' } as const

/** What came of a comparison. */
export interface Reconciled {
  /** Why it could not be made; absent when it was. */
  readonly problem?: string
  /** The venue answered, and time will tell the rest: a run may begin, with its gate shut. */
  readonly waits?: true
  /** In words, one each. */
  readonly differences?: readonly string[]
  /** What came or went, and was booked. */
  readonly corrections?: Compared['corrections']
  /** What bots hold by our books and is not at the venue. */
  readonly mismatch?: string
  /** A difference was found that a second look must find again. */
  readonly unconfirmed?: boolean
}

/**
 * The one comparison of our books with the venue's account: at the start, after a reconnection or a gap, on a timer, and when somebody asks. While the last one has
 * failed nothing leaves.
 */
export class Reconciler {
  private readonly exchange: Exchange
  private readonly clock: Clock
  private readonly host: DeskHost
  private readonly desk: OrderDesk
  private readonly currencies: () => readonly string[]
  private readonly balances = new BalanceCheck()
  private readonly notRecovered = new Map<string, string>()
  private readonly timer: WakeTimer
  private retryMs = FIRST_RETRY_MS
  private running: Promise<Reconciled> | undefined
  private next: { readonly trigger: string; readonly result: Promise<Reconciled> } | undefined
  private retryTrigger = 'timer'
  private closed = false
  /** How often something shut the gate: a comparison that began before it does not open it. */
  private shuts = 0

  constructor(parts: {
    readonly exchange: Exchange
    readonly clock: Clock
    readonly host: DeskHost
    readonly desk: OrderDesk
    readonly currencies: () => readonly string[]
  }) {
    this.exchange = parts.exchange
    this.clock = parts.clock
    this.host = parts.host
    this.desk = parts.desk
    this.currencies = parts.currencies
    this.timer = new WakeTimer(parts.clock, () => void this.run(this.retryTrigger).catch((error: unknown) => this.host.failed(error)))
  }

  /** Compares once, beginning after this call. A failure shuts the gate and is tried again until it succeeds. */
  run(trigger: string): Promise<Reconciled> {
    if (this.running === undefined) {
      this.running = this.once(trigger).finally(() => (this.running = undefined))
      return this.running
    }
    this.next ??= { trigger, result: this.running.then(() => this.runNext()) }
    return this.next.result
  }

  /** Shuts the gate and compares at once. */
  async shutAndRun(trigger: string, reason: string): Promise<void> {
    this.shuts++
    this.host.account({ kind: 'gateShut', reason })
    await this.run(trigger)
  }

  close(): void {
    this.closed = true
    this.timer.stop()
  }

  private runNext(): Promise<Reconciled> {
    const trigger = this.next!.trigger
    this.next = undefined
    return this.run(trigger)
  }

  private async once(trigger: string): Promise<Reconciled> {
    const answer = await withDeadline(this.clock, 4 * QUESTION_MS, (signal) => this.compare(trigger, signal))
    if (this.closed) return { problem: 'the engine has ended' }
    const result: Reconciled = 'failure' in answer ? { problem: answer.failure } : answer.value
    if (result.problem !== undefined) {
      this.host.account({ kind: 'gateShut', reason: `our books could not be held against the venue's: ${result.problem}` })
      this.again(trigger, this.retryMs)
      this.retryMs = Math.min(LONGEST_RETRY_MS, 2 * this.retryMs)
      return result
    }
    this.retryMs = FIRST_RETRY_MS
    this.again('timer', result.unconfirmed === true ? AGAIN_MS : EVERY_MS)
    return result
  }

  private again(trigger: string, ms: number): void {
    this.retryTrigger = trigger
    this.timer.set((this.clock.nowMs() + ms) as EpochMs)
  }

  private async compare(trigger: string, signal: AbortSignal): Promise<Reconciled> {
    const { exchange, host, desk, shuts } = this
    const startedMs = host.nowMs()
    const live = await exchange.liveOrders()
    if (!live.complete) return { problem: 'the list of live orders is not complete' }
    for (const report of live.items) {
      // Those wait for the ones before them.
      if (isLost(host, report)) continue
      const known = host.books.orders.get(report.ref.clientOrderId)
      if (known?.done === true && known.updatedAtMs < startedMs - STRAY_MS) desk.takeBack(known, report)
      else desk.take(report)
    }
    const differences: string[] = []
    for (const order of [...host.books.working.values()]) {
      if (isFinal(order.state) || desk.isSending(order.clientOrderId) || live.items.some(({ ref }) => ref.clientOrderId === order.clientOrderId)) continue
      differences.push(`order ${order.clientOrderId} (${order.botId}, ${order.state}) is not among the venue's live orders`)
      await desk.look(order.clientOrderId)
    }
    if (!(await desk.feed.pull())) return { problem: 'the list of fills is not complete' }
    const { words, problem, waits } = await recoverLost({ exchange, host, desk, told: this.notRecovered }, live.items)
    if (waits !== undefined) return { problem: waits, waits: true }
    if (problem !== undefined) return { problem }
    differences.push(...words)
    const instruments = await exchange.instruments()
    if (signal.aborted) return LATE
    host.account({ kind: 'instruments', instruments })
    const compared = await this.compareBalances()
    if (typeof compared === 'string') return { problem: compared }
    if (signal.aborted) return LATE
    const { corrections, mismatch } = compared
    const result = { trigger, differences: [...differences, ...compared.differences], corrections }
    const { cursor } = desk.feed
    host.account({
      kind: 'reconciled',
      result: {
        ...result,
        ...(shuts === this.shuts ? {} : { opens: false }),
        ...(mismatch === undefined ? {} : { mismatch }),
        ...(cursor === undefined ? {} : { fillsCursor: cursor }),
      },
    })
    return { unconfirmed: compared.unconfirmed, differences: result.differences, corrections, ...(mismatch === undefined ? {} : { mismatch }) }
  }

  /** Balances mean something only between two looks at the fills that found the same. A text says why it cannot be told. */
  private async compareBalances(): Promise<Compared | string> {
    const { exchange, host, desk } = this
    const before = desk.feed.delivered
    const moving = this.moving()
    const balances = await exchange.balances()
    if (balances.length === 0) return NO_BALANCES
    if (!(await desk.feed.pull())) return 'the list of fills is not complete'
    if (desk.feed.delivered !== before) {
      this.balances.forget()
      return { corrections: [], differences: [], unconfirmed: true }
    }
    const compared = this.balances.compare(balances, host.books.ledger, this.currencies(), host.nowMs(), new Set([...moving, ...this.moving()]))
    // What came or went may be a lost order's that the venue does not show yet.
    return host.books.lost?.open === true && compared.corrections.length > 0 ? { ...compared, corrections: [], unconfirmed: true } : compared
  }

  /** The currencies of orders that are on their way, or have fills that are not booked, and of fills that are nobody's yet: their money is in neither place. */
  private moving(): ReadonlySet<string> {
    const currencies = new Set(this.desk.feed.holding)
    for (const order of this.host.books.working.values()) {
      if (!isNameless(order) && !awaitsFills(order)) continue
      const { base, quote } = currenciesOf(order.instrument)
      currencies.add(base).add(quote)
    }
    return currencies
  }
}
