/**
 * A process of its own that trades at the venue simulator, with a real engine, a real adapter, real sockets and a real file, and ends itself without a word at a
 * named place: `node life-process.ts <options as JSON>`. It says `acked <seq>` after every append that returned, `running` when it trades and `lived` at its end.
 */
import { coinbase } from '@millrace/coinbase-adapter'
import { EngineError, createEngine } from '@millrace/core'
import type { Engine } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { die, dyingAt, say, tellingStore } from '../../../sqlite-store/test/mortal-process.ts'
import { lifeBots, lifeSafety } from './life-bots.ts'
import type { LifeOptions } from './deaths.ts'
import { wireCallOf } from './places.ts'
import type { Place } from './places.ts'
import { quickClock } from './quick-clock.ts'

const options = JSON.parse(process.argv[2]!) as LifeOptions

/** Nothing holds a request up here, and the venue's lists do not lag. */
const VISIBLE_AFTER_MS = 5_000

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

let seen = 0
const isHere = (place: Place): boolean => place === options.place && ++seen === options.nth

const at = dyingAt((point) => isHere(point as Place), options.when)

/** The wire, with its places: the venue may or may not have what was under way. */
const wired: typeof fetch = async (input, init) => {
  const call = wireCallOf(input instanceof Request ? input.url : input, init?.method)
  const changes = call === 'create' || call === 'cancel'
  if (changes && isHere(`wire:${call}:asked`)) die()
  const asked = fetch(input, init)
  if (changes && isHere(`wire:${call}:flying`)) setTimeout(die, options.flyingMs)
  const answer = await asked
  const body = await answer.text()
  if (call !== undefined && isHere(`wire:${call}:answered`)) die()
  return new Response(answer.status === 204 ? null : body, { status: answer.status, headers: answer.headers })
}

const factory = tellingStore(sqliteStore(options.db, { at, retention: { checkpointEvery: options.checkpointEvery } }))

/** A comparison of the books may want a second look first. */
async function rearmed(engine: Engine): Promise<void> {
  while (engine.state().tradingState === 'halted') {
    try {
      return await engine.rearm()
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'RECONCILE_FAILED') throw error
      await pause(50)
    }
  }
}

/** Trades with whoever is free, until enough orders were made; what rests is cancelled once by a stop. */
async function trade(engine: Engine): Promise<void> {
  let made = 0
  let stopped = false
  for (const untilMs = performance.now() + options.longestMs; made < options.orders && performance.now() < untilMs; await pause(2)) {
    await rearmed(engine)
    const { bots } = engine.state()
    const free = bots.filter(({ workingOrder, price }) => workingOrder === undefined && price !== undefined)
    for (const { id, position } of free) {
      const sells = position.quantity !== '0'
      const { order } = await engine.trade(sells ? { botId: id, side: 'sell' } : { botId: id, side: 'buy', quoteAmount: '10' })
      if (order !== undefined) made++
    }
    if (stopped || !bots.some(({ workingOrder }) => workingOrder?.state === 'open')) continue
    stopped = true
    await engine.emergencyStop({ cancelOpenOrders: true })
  }
}

/** True when the books are the venue's, which a start after a lost end may take more than one look for. */
async function agrees(engine: Engine): Promise<boolean> {
  try {
    const { differences, unconfirmed } = await engine.reconcile()
    return differences.length === 0 && !unconfirmed
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'RECONCILE_FAILED') throw error
    return false
  }
}

/** Nothing new, and what rests is taken back: then everything comes to rest. Books that never agree are for the judge. */
async function comeToRest(engine: Engine): Promise<void> {
  for (let looks = 1; !(await agrees(engine)) && looks < 100; looks++) await pause(20)
  await engine.emergencyStop({ cancelOpenOrders: true })
  while (engine.state().bots.some(({ workingOrder }) => workingOrder !== undefined)) await pause(5)
}

const clock = quickClock(options.time)
const { market, exchange } = coinbase({
  baseUrls: options.urls,
  credentials: options.key,
  clock,
  fetch: wired,
  silenceMs: 60_000,
  timeoutMs: 20_000,
  visibleAfterMs: VISIBLE_AFTER_MS,
})
const engine = createEngine({
  ...{ market, exchange, store: factory, clock, at, environment: 'live', bots: lifeBots(), safety: lifeSafety() },
  breakers: { errorRate: { limit: 64 }, rateLimit: { limit: 64 }, dataGap: { limit: 64 } },
})
await engine.start()
say('running')
await (options.rests ? comeToRest(engine) : trade(engine))
await engine.stop()
await exchange.close()
say('lived')
process.exit()
