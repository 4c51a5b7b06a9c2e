import type { KernelSnapshot } from '../contracts/kernel.ts'
import { EngineError } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { InstrumentState } from '../pipeline/instrument-state.ts'
import { finite, unfinite } from './canonical.ts'
import { configHashInForce } from './config-in-force.ts'
import { restoreDurable, snapshotDurable, snapshotMoment } from './durable-snapshot.ts'
import type { KernelState } from './kernel-state.ts'
import { applyKeptPatch } from './limits-in-force.ts'
import { takeMarks } from './marking.ts'
import { refreshAccount, refreshMirrors } from './portfolio.ts'
import { recall } from './recall.ts'
import { bringBots } from './recover.ts'

type Plain = { readonly [key: string]: Json }

/** Durable and soft state as plain data: a kernel restored from it goes on exactly as the one it was taken from. */
export function snapshotKernel(state: KernelState, durable = snapshotDurable(state.durable)): KernelSnapshot {
  state.gatherMarks()
  return {
    version: 1,
    seq: state.journal?.seq ?? 0,
    hash: state.journal?.hash ?? '',
    bots: Object.fromEntries(state.bots.map((bot) => [bot.config.id, botOut(bot)])),
    portfolio: {
      durable,
      configHash: state.settings.configHash,
      fast: state.hash.snapshot(),
      nowMs: state.nowMs,
      nextDayMs: finite(state.nextDayMs),
      nextGridMs: finite(state.nextGridMs),
      nextStaleMs: finite(state.nextStaleMs),
      failures: state.failuresSnapshot() as unknown as Json,
      gateOpen: state.gateOpen,
      unrealized: [...state.unrealized].map(finite),
      fall: state.fall,
      extremes: state.marks.snapshot(),
      marks: [state.marksMoved, finite(state.marksAtMs), state.breakersDue, finite(state.nextBreakerMs), finite(state.feedSilentMs)],
      nextValuationMs: finite(state.nextValuationMs),
      todayLoss: state.portfolio.todayLoss,
      equity: state.portfolio.equity,
      evaluations: state.evaluations,
      blockerCounts: [...state.blockerCounts.subarray(0, state.blockers.size)],
      blockerCodes: Array.from({ length: state.blockers.size }, (_, i) => state.blockers.code(i)),
      edges: state.heldEdges() as unknown as Json,
      instruments: [...state.instruments.values()].map(instrumentOut),
    },
  }
}

/** How long after its end a venue may still speak of an order, in ms. */
const LATE_MS = 10 * 60_000

/** {@link snapshotKernel} without the past that a second run has no use for: finished orders, round trips, fills, the curve. */
export const snapshotForSecondRun = (state: KernelState): KernelSnapshot => snapshotKernel(state, snapshotMoment(state.durable, state.nowMs - LATE_MS))

/**
 * Puts a kernel with the same configuration where the snapshot was taken.
 *
 * @throws EngineError `STORE_MISMATCH` on another version, configuration or set of bots
 */
export function restoreKernel(state: KernelState, snapshot: KernelSnapshot): void {
  const version: number = snapshot.version
  const from = snapshot.portfolio as Plain
  if (version !== 1) throw new EngineError('STORE_MISMATCH', `expected a kernel snapshot of version 1, received ${version}`)
  if (from['configHash'] !== state.settings.configHash)
    throw new EngineError('STORE_MISMATCH', `expected a snapshot of configuration ${state.settings.configHash}, received ${JSON.stringify(from['configHash'])}`)
  restoreDurable(state.durable, from['durable']!)
  bringBots(state, 'all')
  state.configHash = configHashInForce(state)
  const ids = Object.keys(snapshot.bots).sort().join(', ')
  const own = state.bots
    .map((bot) => bot.config.id)
    .sort()
    .join(', ')
  if (ids !== own) throw new EngineError('STORE_MISMATCH', `expected a snapshot of the bots ${own}, received ${ids}`)
  state.journal?.resume({ seq: snapshot.seq, hash: snapshot.hash })
  state.hash.restore(from['fast'] as unknown as readonly [number, number])
  state.nowMs = from['nowMs'] as EpochMs
  state.nextDayMs = unfinite(from['nextDayMs'] as number)
  state.nextGridMs = unfinite(from['nextGridMs'] as number)
  state.nextStaleMs = unfinite(from['nextStaleMs'] as number)
  state.restoreFailures(from['failures'] as never)
  state.gateOpen = from['gateOpen'] as boolean
  for (const code of from['blockerCodes'] as readonly string[]) if (code !== '') state.blockers.of(code)
  ;(from['blockerCounts'] as readonly number[]).forEach((count, i) => {
    state.blockerCounts[i === 0 ? 0 : state.blockers.of((from['blockerCodes'] as readonly string[])[i]!)] = count
  })
  state.holdEdges(from['edges'] as never)
  for (const item of from['instruments'] as readonly Plain[]) instrumentIn(state.instruments.get(item['id'] as string), item)
  for (const bot of state.bots) botIn(bot, snapshot.bots[bot.config.id] as Plain)
  for (const bot of state.bots) recall(state, bot)
  refreshMirrors(state)
  restorePositions(state, snapshot)
  restoreMarks(state, from, snapshot)
}

/** Positions as the last fill left them: over dust, an order that came to work since then has opened nothing yet. */
function restorePositions(state: KernelState, snapshot: KernelSnapshot): void {
  for (const bot of state.bots) {
    const { position } = snapshot.bots[bot.config.id] as { readonly position: Plain }
    const view = bot.view.position as unknown as Record<string, number | boolean>
    for (const [name, value] of Object.entries(position)) view[name] = typeof value === 'boolean' ? value : unfinite(value as number | string)
  }
  refreshAccount(state)
}

/** Marks that prices made, not fills: refreshing from the ledger does not know them. */
function restoreMarks(state: KernelState, from: Plain, snapshot: KernelSnapshot): void {
  state.unrealized.set((from['unrealized'] as readonly number[]).map(unfinite))
  state.fall = from['fall'] as number
  const [marksMoved, marksAtMs, breakersDue, nextBreakerMs, feedSilentMs] = from['marks'] as readonly [boolean, number, boolean, number, number]
  state.feedSilentMs = unfinite(feedSilentMs)
  state.marksMoved = marksMoved
  state.marksAtMs = unfinite(marksAtMs)
  state.breakersDue = breakersDue
  state.nextBreakerMs = unfinite(nextBreakerMs)
  applyKeptPatch(state)
  state.marks.restore(from['extremes']!)
  takeMarks(state)
  state.nextValuationMs = unfinite(from['nextValuationMs'] as number | string)
  state.evaluations = from['evaluations'] as number
  state.portfolio.todayLoss = from['todayLoss'] as number
  state.portfolio.equity = from['equity'] as number
  for (const { config, view } of state.bots) {
    const [loss, peakLoss] = (snapshot.bots[config.id] as Plain)['todayLoss'] as readonly [number, number]
    view.today.loss = loss
    view.today.peakLoss = peakLoss
  }
}

function botOut(bot: BotRuntime): Json {
  const { frame, confirmation, view } = bot
  return {
    strategy: bot.config.strategy.id,
    indicators: bot.indicators.map(([key, indicator]) => [key, indicator.id, indicator.snapshot()]),
    window: bot.window.snapshot(),
    samples: bot.samples,
    paused: bot.paused,
    frozen: bot.frozen ?? null,
    confirmation: [confirmation.side, finite(confirmation.sinceMs), finite(confirmation.lastMs), confirmation.count, finite(confirmation.keptMs)],
    frame: [frame.outcome, frame.side, frame.score, frame.blocker, finite(frame.margin), finite(frame.untilMs), frame.exit],
    score: view.score,
    temperature: view.temperature,
    level: [bot.level, finite(bot.levelSinceMs), bot.levelCount, finite(bot.lastOpenTime)],
    closes: [finite(bot.lastClose), finite(view.previousClose)],
    todayLoss: [view.today.loss, view.today.peakLoss],
    position: Object.fromEntries(Object.entries(view.position).map(([name, value]) => [name, typeof value === 'number' ? finite(value) : (value as boolean)])),
    extremesKeptMs: finite(bot.extremesKeptMs),
    entryFill: [finite(bot.entryFillMs), bot.entryRested],
    heldExit: [bot.heldExit, bot.heldSource],
    cancelAsked: bot.cancelAsked,
    decisionSeq: bot.decisionSeq,
    forming: bot.preview === undefined ? null : bot.preview.forming.snapshot(),
    flattenWanted: bot.flattenWanted,
    trip: [bot.trip.low, bot.trip.high, bot.trip.peak, bot.trip.drawdown, bot.trip.sinceMs].map(finite),
  }
}

function botIn(bot: BotRuntime, from: Plain): void {
  if (from['strategy'] !== bot.config.strategy.id)
    throw new EngineError('STORE_MISMATCH', `bot ${bot.config.id}: expected strategy ${bot.config.strategy.id}, received ${JSON.stringify(from['strategy'])}`)
  const kept = from['indicators'] as unknown as readonly (readonly [string, string, Json])[]
  bot.indicators.forEach(([key, indicator], i) => {
    const [name, id, state] = kept[i] ?? ['', '', null]
    if (name !== key || id !== indicator.id)
      throw new EngineError('STORE_MISMATCH', `bot ${bot.config.id}: expected indicator ${key} = ${indicator.id}, received ${name} = ${id}`)
    indicator.restore(state)
  })
  bot.window.restore(from['window']!)
  bot.samples = from['samples'] as number
  bot.paused = from['paused'] as boolean
  bot.frozen = (from['frozen'] ?? undefined) as string | undefined
  const confirmation = (from['confirmation'] as readonly (number | string)[]).map(unfinite)
  bot.confirmation.side = confirmation[0] as -1 | 0 | 1
  bot.confirmation.sinceMs = confirmation[1]!
  bot.confirmation.lastMs = confirmation[2]!
  bot.confirmation.count = confirmation[3]!
  bot.confirmation.keptMs = confirmation[4]!
  const frame = (from['frame'] as readonly (number | string)[]).map(unfinite)
  bot.frame.outcome = frame[0]!
  bot.frame.side = frame[1] as -1 | 0 | 1
  bot.frame.score = frame[2]!
  bot.frame.blocker = frame[3]!
  bot.frame.margin = frame[4]!
  bot.frame.untilMs = frame[5]!
  bot.frame.exit = frame[6]!
  bot.view.score = from['score'] as number
  bot.view.temperature = from['temperature'] as 0 | 1 | 2 | 3
  const level = (from['level'] as readonly (number | string)[]).map(unfinite)
  bot.level = level[0]!
  bot.levelSinceMs = level[1]!
  bot.levelCount = level[2]!
  bot.lastOpenTime = level[3]!
  const [lastClose, previousClose] = from['closes'] as readonly (number | string)[]
  bot.lastClose = unfinite(lastClose!)
  bot.view.previousClose = unfinite(previousClose!)
  bot.extremesKeptMs = unfinite(from['extremesKeptMs'] as number | string)
  const [entryFillMs, entryRested] = from['entryFill'] as readonly [number | string, boolean]
  bot.entryFillMs = unfinite(entryFillMs)
  bot.entryRested = entryRested
  const [heldExit, heldSource] = from['heldExit'] as readonly [number, string]
  bot.heldExit = heldExit
  bot.heldSource = heldSource
  bot.cancelAsked = from['cancelAsked'] as string
  bot.decisionSeq = from['decisionSeq'] as number
  bot.preview?.forming.restore(from['forming']!)
  bot.flattenWanted = from['flattenWanted'] as boolean
  const trip = (from['trip'] as readonly (number | string)[]).map(unfinite)
  bot.trip.low = trip[0]!
  bot.trip.high = trip[1]!
  bot.trip.peak = trip[2]!
  bot.trip.drawdown = trip[3]!
  bot.trip.sinceMs = trip[4]!
}

function instrumentOut(item: InstrumentState): Json {
  const { market } = item
  return {
    id: item.instrument.id,
    lastMs: finite(item.lastMs),
    stale: item.stale,
    price: finite(market.price),
    bid: finite(market.bid),
    ask: finite(market.ask),
    dataAgeMs: finite(market.dataAgeMs),
    spreadBps: finite(market.spreadBps),
    clockSkewMs: market.clockSkewMs,
  }
}

function instrumentIn(item: InstrumentState | undefined, from: Plain): void {
  if (item === undefined) return
  const number = (key: string): number => unfinite(from[key] as number | string)
  item.lastMs = number('lastMs')
  item.stale = from['stale'] as boolean
  item.market.price = number('price')
  item.market.bid = number('bid')
  item.market.ask = number('ask')
  item.market.dataAgeMs = number('dataAgeMs')
  item.market.spreadBps = number('spreadBps')
  item.market.clockSkewMs = number('clockSkewMs')
}
