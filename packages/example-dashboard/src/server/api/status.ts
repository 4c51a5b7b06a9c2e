import type { EngineState } from '@millrace/core'
import type { Services } from './services.ts'

/** A part of the service and how it is. */
export interface Part {
  readonly part: string
  readonly status: 'ok' | 'warning' | 'bad'
  readonly detail: string
}

/** A price older than this many candles of its bot is worth a warning. */
const staleCandles = 3
const slowLoopMs = 100
const stuckLoopMs = 1_000

/** Every part, each from what the engine itself says of it. */
export function partsOf(services: Services): readonly Part[] {
  const state = services.engine.state()
  const { counter, access } = services
  return [
    tradingPart(state),
    marketPart(state),
    botsPart(state),
    storePart(state, services),
    ordersPart(state),
    breakersPart(state),
    cachePart(services),
    { part: 'page', status: 'ok', detail: `${counter.streams} open, ${access.lockout.failures} failed sign-ins` },
    loopPart(services.lagMs()),
    { part: 'memory', status: 'ok', detail: `${Math.round(process.memoryUsage().heapUsed / 1_048_576)} MiB of heap` },
  ]
}

/** The health of every part, and the worst of it. */
export function statusOf(services: Services) {
  const parts = partsOf(services)
  const { environment, tradingState, nowMs } = services.engine.state()
  const status = parts.some((part) => part.status === 'bad') ? 'bad' : parts.some((part) => part.status === 'warning') ? 'warning' : 'ok'
  return { status, environment, tradingState, pid: process.pid, nowMs, parts }
}

const tradingPart = ({ tradingState, tradingStateReason }: EngineState): Part => ({
  part: 'trading',
  status: tradingState === 'active' ? 'ok' : tradingState === 'reducing' ? 'warning' : 'bad',
  detail: tradingStateReason ?? 'entries and exits are on',
})

function marketPart({ market, bots }: EngineState): Part {
  const late = bots.filter(({ priceAgeMs, timeframeMs }) => priceAgeMs === undefined || priceAgeMs > staleCandles * timeframeMs)
  const names = late.map(({ instrument }) => instrument).join(', ')
  if (late.length === 0) return { part: 'market', status: 'ok', detail: `${market.id}: ${market.text}` }
  return { part: 'market', status: late.length === bots.length ? 'bad' : 'warning', detail: `${market.id}: no fresh price of ${names}` }
}

function botsPart({ bots }: EngineState): Part {
  const failed = bots.filter(({ readiness }) => readiness.blockers.some(({ code }) => code === 'PLUGIN_FAILED'))
  const paused = bots.filter((bot) => bot.paused).length
  const running = `${bots.length - paused} of ${bots.length} running`
  if (failed.length === 0) return { part: 'bots', status: 'ok', detail: running }
  return { part: 'bots', status: 'bad', detail: `${running}; a plugin failed in ${failed.map(({ id }) => id).join(', ')}` }
}

function storePart({ lastSeq, journalHash }: EngineState, { engine }: Services): Part {
  // Reads its last entry back: a store that cannot be read says so here.
  const last = engine.read({ afterSeq: Math.max(0, lastSeq - 1), limit: 1 })[0]
  if (last === undefined && lastSeq > 0) return { part: 'store', status: 'bad', detail: `entry ${lastSeq} cannot be read back` }
  return { part: 'store', status: 'ok', detail: `${lastSeq} journal entries, hash ${journalHash.slice(0, 12)}` }
}

function ordersPart({ bots }: EngineState): Part {
  const working = bots.filter(({ workingOrder }) => workingOrder !== undefined)
  const unknown = working.filter(({ workingOrder }) => workingOrder?.state === 'unknown')
  if (unknown.length > 0) return { part: 'orders', status: 'bad', detail: `outcome unknown: ${unknown.map(({ id }) => id).join(', ')}` }
  return { part: 'orders', status: 'ok', detail: `${working.length} working, none unknown` }
}

const breakersPart = ({ breakers }: EngineState): Part => ({
  part: 'breakers',
  status: breakers.length === 0 ? 'ok' : 'bad',
  detail: breakers.length === 0 ? 'none tripped' : breakers.map(({ id, detail }) => `${id}: ${detail}`).join('; '),
})

function cachePart({ market }: Services): Part {
  if (market === undefined) return { part: 'cache', status: 'ok', detail: 'none: this market reads nothing from a venue' }
  const { cache, requests } = market.stats()
  return {
    part: 'cache',
    status: requests.refusals > 0 ? 'warning' : 'ok',
    detail: `${Math.round(cache.hitRate * 100)} % of ${cache.requests} reads saved, ${requests.lastMinute} calls in the last minute, ${requests.refusals} refused`,
  }
}

const loopPart = (lagMs: number): Part => ({
  part: 'process',
  status: lagMs >= stuckLoopMs ? 'bad' : lagMs >= slowLoopMs ? 'warning' : 'ok',
  detail: `${Math.round(lagMs)} ms late at most in the last minute`,
})
