import { firstValueFrom } from 'rxjs'
import type { Clock } from '../../contracts/clock.ts'
import type { LinkEvent } from '../../contracts/events.ts'
import type { Exchange } from '../../contracts/exchange.ts'
import { isFinal } from '../../engine/order-machine.ts'
import { EngineError } from '../../model/errors.ts'
import type { EpochMs } from '../../model/time.ts'
import { withDeadline } from './deadline.ts'
import type { DeskHost } from './desk-host.ts'
import { QUESTION_MS } from './fill-feed.ts'
import { OrderDesk } from './order-desk.ts'
import { Reconciler } from './reconciler.ts'
import type { Reconciled } from './reconciler.ts'

/** Comparisons that may fail before a start gives up: what starts the program again begins anew. */
const START_TRIES = 3
const TRY_AGAIN_MS = 1_000
/** A journal that ends longer ago may be an older copy: who starts a program that ended again does so within seconds. */
const LONG_AGO_MS = 120_000

export interface LiveParts {
  readonly exchange: Exchange
  readonly clock: Clock
  readonly host: DeskHost
  /** What is compared: the quote currency first, and the coins that bots trade by now. */
  readonly currencies: () => readonly string[]
}

/** A real account at a venue: the desk for its orders, and the comparison of its books with ours. */
export class LiveAccount {
  readonly desk: OrderDesk
  private readonly reconciler: Reconciler
  private readonly exchange: Exchange
  private readonly host: DeskHost
  private readonly clock: Clock
  private watchers: (() => void)[] = []
  private closed = false

  constructor({ exchange, clock, host, currencies }: LiveParts) {
    this.exchange = exchange
    this.clock = clock
    // Whoever waits for an order to end looks after every word about orders.
    this.host = {
      ...host,
      get books() {
        return host.books
      },
      order: (event) => {
        host.order(event)
        for (const watcher of [...this.watchers]) watcher()
      },
    }
    this.desk = new OrderDesk(exchange, clock, this.host)
    this.reconciler = new Reconciler({ exchange, clock, host: this.host, desk: this.desk, currencies })
  }

  /**
   * Takes up what the last run left, and compares; a new account begins with what the venue tells now. Answers what the run has to wait for before anything leaves.
   *
   * @param keptMs - the end of an earlier run; undefined for a new account
   * @throws EngineError `RECONCILE_FAILED` when the venue cannot be asked
   */
  async start(keptMs: EpochMs | undefined): Promise<string | undefined> {
    if (keptMs === undefined && !(await this.desk.feed.skipPast())) throw new EngineError('RECONCILE_FAILED', 'the venue does not tell its fills')
    if (keptMs !== undefined && this.clock.nowMs() - keptMs > LONG_AGO_MS) await this.lookForOlderCopy(keptMs)
    this.desk.takeUp()
    this.desk.listen((event) => this.takeLink(event))
    for (let tries = 1; ; tries++) {
      const { problem, waits } = await this.reconciler.run('start')
      if (problem === undefined || waits === true) return problem
      if (tries >= START_TRIES) throw new EngineError('RECONCILE_FAILED', `our books could not be held against the venue's: ${problem}`)
      await firstValueFrom(this.clock.at((this.clock.nowMs() + TRY_AGAIN_MS) as EpochMs))
    }
  }

  reconcile(trigger: string): Promise<Reconciled> {
    return this.reconciler.run(trigger)
  }

  /** Resolves when no order is on its way out. */
  idle(): Promise<void> {
    return this.desk.idle()
  }

  /** Resolves when every one of these orders is at its end, or after so many ms. */
  ended(clientOrderIds: readonly string[], ms: number): Promise<void> {
    const open = (): boolean => clientOrderIds.some((id) => !isFinal(this.host.books.orders.get(id)?.state ?? 'rejected'))
    if (!open()) return Promise.resolve()
    return new Promise((resolve) => {
      const stop = (): void => {
        timer.unsubscribe()
        this.watchers = this.watchers.filter((one) => one !== watcher)
        resolve()
      }
      const watcher = (): void => {
        if (this.closed || !open()) stop()
      }
      const timer = this.clock.at((this.clock.nowMs() + ms) as EpochMs).subscribe(stop)
      this.watchers.push(watcher)
    })
  }

  close(): void {
    this.closed = true
    this.desk.close()
    this.reconciler.close()
    for (const watcher of [...this.watchers]) watcher()
  }

  /** What lies beside a database knows of a lost end only when it is not of the same old day; the venue knows then. */
  private async lookForOlderCopy(keptMs: EpochMs): Promise<void> {
    const { exchange, clock, host } = this
    if (exchange.orderHistory === undefined || host.books.lost?.open === true) return
    const answer = await withDeadline(clock, QUESTION_MS, () => exchange.orderHistory!(keptMs))
    const { items, complete } = 'value' in answer ? answer.value : { items: [], complete: false }
    const intentNo = host.numberAhead(items.map(({ ref }) => ref.clientOrderId))
    if (intentNo !== undefined) host.account({ kind: 'olderCopy', intentNo, sinceMs: keptMs })
    // No reason to leave coins without their exits: the comparison that follows needs the rest of the venue.
    else if (!complete)
      host.link({
        type: 'error',
        detail: 'the venue did not tell all orders since the end of the journal: nothing shows whether the database is an older copy',
      })
  }

  private go(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.host.failed(error))
  }

  private takeLink(event: LinkEvent): void {
    this.host.link(event)
    if (event.type === 'gap' || event.type === 'down') this.go(this.reconciler.shutAndRun(event.type, event.detail))
    else if (event.type === 'ready') this.go(this.reconciler.run('reconnect'))
  }
}
