import { crashPoints, limitOrders, memoryStore } from '@millrace/core'
import type { At, CrashPoint, Engine, JournalEntry, StoreFactory } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { checkedJournal } from './checked-journal.ts'
import { candles, handMarket, levelBot, levelEngine } from './levels.ts'

/** Buys at a limit that is reached late, cancels one that is not, sells, and buys again. */
const dip = { close: 99, low: 97 }
const rise = { close: 111, high: 113 }
const prices = candles([105, 99, dip, dip, 105, 111, rise, rise, 105, 99, 99, 99, 99, dip, dip, 111, rise, rise, 99, 99])
const patient = levelBot({ execution: limitOrders({ offset: '50bps', timeout: '2m' }), safety: [] })

/** What throws stands for the death of the process: nothing of it is left but the store. */
class Crash extends Error {}

interface Life {
  readonly store: StoreFactory
  readonly at: At
  readonly reached: Set<CrashPoint>
  readonly crashes: () => number
}

function lifeWith(dieAt: CrashPoint | undefined, when: 'before' | 'after', nth: number): Life {
  const reached = new Set<CrashPoint>()
  let seen = 0
  let crashes = 0
  const at: At = (point, action) => {
    reached.add(point)
    const dies = point === dieAt && ++seen === nth
    if (dies) crashes++
    if (dies && when === 'before') throw new Crash()
    const result = action()
    if (dies) throw new Crash()
    return result
  }
  return { store: memoryStore({ at }), at, reached, crashes: () => crashes }
}

/** Runs the prices to their end, in a new engine after each crash. */
async function live({ store, at }: Life): Promise<readonly JournalEntry[]> {
  const market = handMarket()
  let engine: Engine | undefined
  for (const candle of prices) {
    while (engine === undefined) engine = await started(levelEngine(market, store, [patient], { at }))
    market.push(candle)
    // The push has ended an engine that died of it, and its promise says so a moment later.
    if (!(await alive(engine))) engine = undefined
  }
  await engine?.emergencyStop({ cancelOpenOrders: true }).catch(onlyCrash)
  if (engine !== undefined && (await alive(engine))) await engine.stop()
  return checkedJournal(store)
}

async function started(engine: Engine): Promise<Engine | undefined> {
  try {
    await engine.start()
    return engine
  } catch (error) {
    onlyCrash(error)
    return undefined
  }
}

async function alive(engine: Engine): Promise<boolean> {
  const ended = engine.finished.then(
    () => false,
    (error: unknown) => (onlyCrash(error), false),
  )
  return Promise.race([ended, new Promise<true>((resolve) => setImmediate(resolve, true))])
}

function onlyCrash(error: unknown): void {
  if (!(error instanceof Crash)) throw error
}

/** Dies of its second fill, and then so many times in its starts, before and after their commits by turns. */
function lifeThatHardlyStarts(deaths: number): Life {
  const reached = new Set<CrashPoint>()
  let [fills, starts, crashes] = [0, 0, 0]
  const die = (): never => {
    crashes++
    throw new Crash()
  }
  const at: At = (point, action) => {
    reached.add(point)
    if (point === 'commit:fill' && ++fills === 2) die()
    const dies = point === 'commit:runStarted' && ++starts > 1 && starts <= 1 + deaths
    if (dies && starts % 2 === 0) die()
    const result = action()
    return dies ? die() : result
  }
  return { store: memoryStore({ at }), at, reached, crashes: () => crashes }
}

test('[fault 37] a start that dies ten times over comes to the same orders and fills as one that lives', async () => {
  const [calm, wild] = [lifeThatHardlyStarts(0), lifeThatHardlyStarts(10)]
  // Ids of the simulated venue count on with the journal, which is longer by the starts.
  const books = (journal: readonly JournalEntry[]) =>
    journal.filter(({ type }) => /intent|fill|adjustment/.test(type)).map(({ type, data }) => [type, { ...(data as object), fillId: '', venueOrderId: '' }])
  expect(books(await live(wild))).toEqual(books(await live(calm)))
  expect([calm.crashes(), wild.crashes()]).toEqual([1, 11])
})

const ofType = <T>(journal: readonly JournalEntry[], type: JournalEntry['type']): readonly T[] =>
  journal.filter((entry) => entry.type === type).map(({ data }) => data as T)

const points = crashPoints.filter((point) => /^(commit|venue):/.test(point))

test('a run without a crash passes every point of the journal and the exchange', async () => {
  const life = lifeWith(undefined, 'before', 1)
  const journal = await live(life)
  expect([...life.reached].sort()).toEqual([...points].sort())
  expect(ofType(journal, 'fill').length).toBeGreaterThanOrEqual(4)
})

/** Rows of the fault matrix. */
const faultOf: Partial<Record<CrashPoint, string>> = {
  'commit:intent': '[fault 34] ',
  'venue:submit': '[fault 35] ',
  'commit:orderEvent': '[fault 35] ',
  'commit:fill': '[fault 36] ',
  'commit:runStarted': '[fault 37] ',
}

describe.each(points.map((point) => [faultOf[point] ?? '', point] as const))('%sa death at %s', (_, point) => {
  test.each([
    ['before', 1],
    ['after', 1],
    ['before', 2],
    ['after', 2],
  ] as const)('%s it, time %i: no order id twice, no fill twice, nothing stuck, and the run goes on', async (when, nth) => {
    const life = lifeWith(point, when, nth)
    const journal = await live(life)
    const intents = ofType<{ clientOrderId: string; intentNo: number }>(journal, 'intent')
    expect(new Set(intents.map(({ clientOrderId }) => clientOrderId)).size).toBe(intents.length)
    const fills = ofType<{ fillId: string }>(journal, 'fill')
    expect(new Set(fills.map(({ fillId }) => fillId)).size).toBe(fills.length)
    const finals = new Set(
      ofType<{ clientOrderId: string; state: string }>(journal, 'orderEvent')
        .filter(({ state }) => ['filled', 'cancelled', 'rejected', 'expired'].includes(state))
        .map(({ clientOrderId }) => clientOrderId),
    )
    // A death in the stop at the very end leaves the order that was to be cancelled: it works on, and the next start knows it.
    expect(intents.filter(({ clientOrderId }) => !finals.has(clientOrderId)).length).toBeLessThanOrEqual(/latch|cancel/.test(point) ? 1 : 0)
    expect(fills.length).toBeGreaterThanOrEqual(2)
    if (nth === 1) expect(life.crashes()).toBe(1)
  })
})
