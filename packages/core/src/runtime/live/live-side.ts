import type { EmergencyStopReport, ReconcileReport } from '../../contracts/engine.ts'
import type { Exchange } from '../../contracts/exchange.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { DurableState } from '../../engine/durable-state.ts'
import type { EventLoop } from '../../engine/event-loop.ts'
import { isFinal } from '../../engine/order-machine.ts'
import type { TradingKernel } from '../../engine/kernel.ts'
import { EngineError } from '../../model/errors.ts'
import { decimalText } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'
import type { AccountSide } from '../account-side.ts'
import { currenciesOfBots } from '../open-run.ts'
import { timedExchange } from '../timings.ts'
import type { Timings } from '../timings.ts'
import { LiveAccount } from './live-account.ts'
import { LostOrders } from './lost-orders.ts'

/** Longest wait for the venue to confirm the cancels of an emergency stop. */
const CANCEL_MS = 10_000

/** What the live side needs of the run around it. */
export interface LiveEngine {
  readonly settings: { readonly exchange: Exchange; readonly clock: Clock }
  readonly times: Timings
  /** There before the venue tells anything. */
  readonly loop: EventLoop
  nowMs(): EpochMs
  /** Runs between events; nothing happens after the end. */
  between(action: () => void): void
  /** The run cannot go on. */
  fail(error: unknown): void
}

/** A real account as a start sees it, and what the engine asks of it afterwards. */
export interface LiveSide extends AccountSide {
  readonly account: LiveAccount
}

export function liveSide(engine: LiveEngine, kernel: TradingKernel): LiveSide {
  const nowMs = (): EpochMs => engine.nowMs()
  const between = (action: () => void): void => engine.between(action)
  const lost = new LostOrders(kernel.state)
  const account = new LiveAccount({
    exchange: timedExchange(engine.settings.exchange, engine.times),
    clock: engine.settings.clock,
    currencies: () => currenciesOfBots(kernel.state.bots.map(({ config }) => config)),
    host: {
      books: kernel.state.durable,
      nowMs,
      order: (event) => between(() => engine.loop.outside({ type: 'order', event }, nowMs())),
      account: (event) => between(() => engine.loop.outside({ type: 'account', event }, nowMs())),
      link: (event) => between(() => engine.loop.link(event, nowMs())),
      lostOrder: (clientOrderId) => lost.of(clientOrderId),
      numberAhead: (clientOrderIds) => lost.numberAhead(clientOrderIds),
      probe(order) {
        let sent = false
        between(() => (sent = engine.loop.probe(order, nowMs())))
        return sent
      },
      failed: (error) => engine.fail(error),
    },
  })
  return {
    account,
    orders: account.desk,
    opensGate: false,
    bringTogether: (_, keptMs) => account.start(keptMs),
  }
}

/**
 * The emergency stop of a real account: the gate is shut durably by `latch`, then orders on their way out are waited for and, if asked for, cancelled with the
 * others. No order leaves after `gateClosedAtMs`, and when this resolves none is on its way.
 */
export async function closeLiveGate(
  account: LiveAccount,
  { working: atWork }: Pick<DurableState, 'working'>,
  latch: () => Promise<EpochMs>,
  cancelOpenOrders: boolean,
): Promise<EmergencyStopReport> {
  const gateClosedAtMs = await latch()
  // After the latch: what stood in the queue before it may have made one more.
  const working = [...atWork.values()]
  await account.idle()
  if (cancelOpenOrders)
    await account.ended(
      working.map(({ clientOrderId }) => clientOrderId),
      CANCEL_MS,
    )
  return {
    gateClosedAtMs,
    cancelled: working.filter((order) => order.state === 'cancelled').map((order) => order.clientOrderId),
    unresolved: working.filter((order) => !isFinal(order.state)).map((order) => order.clientOrderId),
  }
}

/** @throws EngineError `RECONCILE_FAILED` when the venue cannot be asked */
export async function reconcileLive(account: LiveAccount, nowMs: () => EpochMs): Promise<ReconcileReport> {
  const { problem, differences = [], corrections = [], mismatch, unconfirmed = false } = await account.reconcile('command')
  if (problem !== undefined) throw new EngineError('RECONCILE_FAILED', `our books could not be held against the venue's: ${problem}`)
  const booked = corrections.map(({ currency, amount }) => ({ currency, amount: decimalText(amount) }))
  return { atMs: nowMs(), differences, corrections: booked, mismatch, unconfirmed }
}

/** @throws EngineError `RECONCILE_FAILED` while our books and the venue's differ, or cannot be compared */
export async function assertReconciled(account: LiveAccount): Promise<void> {
  const { problem, mismatch, unconfirmed } = await account.reconcile('rearm')
  const why = problem ?? mismatch ?? (unconfirmed === true ? 'a difference is being looked at a second time; try again in a few seconds' : undefined)
  if (why !== undefined) throw new EngineError('RECONCILE_FAILED', `trading stays halted: ${why}`)
}
