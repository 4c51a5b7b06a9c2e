import type { Booking } from '../ledger/lots.ts'
import { EngineError } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { decimalText, money } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import { finite, unfinite } from './canonical.ts'
import { closedTripsFrom, restoreAnalytics, snapshotAnalytics } from './analytics-snapshot.ts'
import type { BotChange } from './bot-changes.ts'
import type { BotDurable } from './bot-durable.ts'
import type { DurableState } from './durable-state.ts'
import { lostSnapshot, restoreLost } from './lost-numbers.ts'
import { TimeRing } from '../model/time-ring.ts'
import { orderTable, restoreOrder } from './order-snapshot.ts'
import type { OrderTable } from './order-snapshot.ts'

type Plain = { readonly [key: string]: Json }

/** The durable state as plain data: what a fold over the whole journal would give. */
export const snapshotDurable = (state: DurableState): Json => ({
  ...snapshotRest(state),
  ledger: state.ledger.snapshot(),
  analytics: snapshotAnalytics(state.analytics),
  orders: state.orders.snapshot(),
})

/** What of the durable state does not grow with every order: all of it but orders, ids of fills, and round trips that are over. */
export const snapshotCore = (state: DurableState): Json => ({
  ...snapshotRest(state),
  ledger: state.ledger.snapshot(false),
  analytics: snapshotAnalytics(state.analytics, Number.POSITIVE_INFINITY),
  orders: [],
})

/**
 * What a second run from here needs of the durable state: no past that nothing is decided by, so that a run may keep many of these however much it has traded.
 *
 * @param endedAfterMs - orders that were over by then are left out: the venue has nothing more to say of them
 */
export const snapshotMoment = (state: DurableState, endedAfterMs: number): Json => ({
  ...snapshotRest(state),
  ledger: state.ledger.snapshot(false),
  analytics: { ...(snapshotAnalytics(state.analytics, Number.POSITIVE_INFINITY) as Plain), pnl: [], equity: [] },
  orders: state.orders.snapshot(endedAfterMs),
})

/** Which part of what only grows is meant: orders by id, fills and round trips from the n-th on. */
export interface GrownSince {
  readonly orders: Iterable<string>
  readonly fills: number
  readonly trips: number
}

/** The other part of the durable state: what was new or changed since some moment. */
export const snapshotGrown = (state: DurableState, since: GrownSince): Json => ({
  orders: orderTable([...since.orders].map((id) => state.orders.get(id)!)) as unknown as Json,
  fillIds: state.ledger.fillIds.from(since.fills),
  closed: [...closedTripsFrom(state.analytics, since.trips)],
})

/**
 * Puts an empty state together from a {@link snapshotCore} and every {@link snapshotGrown} up to it, oldest first.
 *
 * @throws EngineError `STORE_MISMATCH` when the data is no snapshot of a durable state
 */
export function restoreParts(state: DurableState, core: Json, grown: readonly Json[]): void {
  const parts = grown as unknown as readonly { readonly orders: OrderTable; readonly fillIds: readonly string[]; readonly closed: readonly Json[] }[]
  const { analytics, ...rest } = core as Plain
  restoreDurable(state, { ...rest, analytics: { ...(analytics as Plain), closed: parts.flatMap(({ closed }) => closed) } })
  for (const { orders, fillIds } of parts) {
    state.orders.keepAll(orders)
    for (const fillId of fillIds) state.ledger.fillIds.add(fillId)
  }
  for (const order of state.orders.unfinished()) state.working.set(order.botId, order)
}

function snapshotRest(state: DurableState): Plain {
  return {
    day: state.day.snapshot(),
    orderTimes: state.orderTimes.snapshot(),
    bots: [...state.bots].map(([id, bot]) => [id, botOut(bot)]),
    environment: state.environment ?? null,
    configHash: state.configHash,
    config: state.config,
    intentNo: state.intentNo,
    cancelUpTo: state.cancelUpTo,
    lost: lostSnapshot(state.lost),
    latches: state.latches.snapshot(),
    marks: state.marks.snapshot(),
    paidIn: [...state.paidIn],
    limitPatch: (state.limitPatch ?? null) as Json,
    botChanges: [...state.botChanges] as unknown as Json,
    dayBaseline: finite(state.dayBaseline),
    lastMs: state.lastMs,
    fillsCursor: state.fillsCursor ?? null,
  }
}

/** @throws EngineError `STORE_MISMATCH` when the data is no snapshot of a durable state */
export function restoreDurable(state: DurableState, data: Json): void {
  const from = data as Plain
  if (typeof data !== 'object' || data === null || !Array.isArray(from['orders']) || !Array.isArray(from['bots']))
    throw new EngineError('STORE_MISMATCH', `expected a snapshot of a durable state, received ${JSON.stringify(data)?.slice(0, 80)}`)
  state.ledger.bookBy((from['ledger'] as { readonly booking: Booking }).booking)
  state.ledger.restore(from['ledger']!)
  state.day.restore(from['day']!)
  state.orderTimes.restore(from['orderTimes']!)
  restoreAnalytics(state.analytics, from['analytics']!)
  state.orders.clear()
  state.working.clear()
  for (const item of from['orders'] as readonly Plain[]) {
    const order = restoreOrder(item)
    state.orders.set(order.clientOrderId, order)
    if (!order.done) state.working.set(order.botId, order)
  }
  state.bots.clear()
  for (const [id, bot] of from['bots'] as unknown as readonly (readonly [string, Plain])[]) state.bots.set(id, botIn(bot))
  state.environment = (from['environment'] ?? undefined) as DurableState['environment']
  state.configHash = from['configHash'] as string
  state.config = from['config']!
  state.intentNo = from['intentNo'] as number
  state.cancelUpTo = (from['cancelUpTo'] ?? 0) as number
  state.lost = restoreLost(from['lost'])
  state.latches.restore(from['latches']!)
  state.marks.restore(from['marks']!)
  state.limitPatch = (from['limitPatch'] ?? undefined) as unknown as DurableState['limitPatch']
  state.botChanges.clear()
  // Snapshots from before bots could be changed have none.
  for (const [id, change] of (from['botChanges'] ?? []) as unknown as readonly (readonly [string, BotChange])[]) state.botChanges.set(id, change)
  state.paidIn.clear()
  for (const [currency, amount] of from['paidIn'] as unknown as readonly (readonly [string, number])[]) state.paidIn.set(currency, amount)
  state.dayBaseline = unfinite(from['dayBaseline'] as number)
  state.lastMs = from['lastMs'] as EpochMs
  state.fillsCursor = (from['fillsCursor'] ?? undefined) as string | undefined
}

function botOut(bot: BotDurable): Json {
  return {
    lastFillMs: finite(bot.lastFillMs),
    lastFillPrice: finite(bot.lastFillPrice),
    lossStreak: bot.lossStreak,
    lastLossMs: finite(bot.lastLossMs),
    orderTimes: bot.orderTimes.snapshot(),
    openedAtMs: finite(bot.openedAtMs),
    bought: decimalText(bot.bought),
    extremes: [finite(bot.highest), finite(bot.lowest), finite(bot.peak)],
    confirmation: bot.confirmation ?? null,
    level: bot.level ?? null,
    strategyState: bot.strategyState === undefined ? null : { strategy: bot.strategyState.strategy ?? null, state: bot.strategyState.state },
    entries: bot.entries,
    exits: bot.exits,
    lastEntryMs: finite(bot.lastEntryMs),
    lastEntryPrice: finite(bot.lastEntryPrice),
    paused: bot.paused,
    lossLatchUntilMs: bot.lossLatchUntilMs ?? null,
    flattenWanted: bot.flattenWanted,
  }
}

const copyOf = (data: Json | undefined): object | undefined =>
  typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...(data as object) } : undefined

const stateIn = (data: Plain | null): BotDurable['strategyState'] =>
  data === null ? undefined : { strategy: (data['strategy'] ?? undefined) as string | undefined, state: data['state']! }

function ringOf(state: Json): TimeRing {
  const ring = new TimeRing()
  ring.restore(state)
  return ring
}

function botIn(data: Plain): BotDurable {
  const [highest, lowest, peak] = (data['extremes'] as readonly (number | string)[]).map(unfinite)
  return {
    lastFillMs: unfinite(data['lastFillMs'] as number | string),
    lastFillPrice: unfinite(data['lastFillPrice'] as number | string),
    lossStreak: data['lossStreak'] as number,
    lastLossMs: unfinite(data['lastLossMs'] as number | string),
    orderTimes: ringOf(data['orderTimes']!),
    openedAtMs: unfinite(data['openedAtMs'] as number | string),
    bought: money(data['bought'] as string),
    highest: highest!,
    lowest: lowest!,
    peak: peak!,
    // A copy: it is changed in place, and what it comes from may be restored from again.
    confirmation: copyOf(data['confirmation']) as BotDurable['confirmation'],
    level: (data['level'] ?? undefined) as BotDurable['level'],
    strategyState: stateIn(data['strategyState'] as Plain | null),
    entries: data['entries'] as number,
    exits: data['exits'] as number,
    lastEntryMs: unfinite(data['lastEntryMs'] as number | string),
    lastEntryPrice: unfinite(data['lastEntryPrice'] as number | string),
    paused: data['paused'] as boolean,
    lossLatchUntilMs: (data['lossLatchUntilMs'] ?? undefined) as number | undefined,
    flattenWanted: data['flattenWanted'] as boolean,
  }
}
