import { MortalTrader } from '../../packages/coinbase-adapter/test/deaths/deaths.ts'
import type { DeathWish, Judged } from '../../packages/coinbase-adapter/test/deaths/deaths.ts'
import { enginePlaces, wirePlaces } from '../../packages/coinbase-adapter/test/deaths/places.ts'
import type { EnginePlace } from '../../packages/coinbase-adapter/test/deaths/places.ts'
import { CrashedStore } from '../../packages/example-dashboard/test/crash-life.ts'
import { randomNumbers } from '../../packages/sqlite-store/test/random-numbers.ts'
import type { Campaign } from '../lib/campaign.ts'

/** Deaths that one database goes through. */
const DEATHS = 20
/** A life comes there many times, to a fill a few. */
const timesOf = (place: string): number =>
  place === 'commit:fill' ? 2 : /^(commit:(?!latch|runStarted)|venue:submit|store:high|wire:(fills|orders))/.test(place) ? 6 : 1
/** The longest wait for a moment that nobody chose, in ms from when the process trades. */
const LONGEST_MOMENT_MS = 600
/** Lives that are tried for one death: what a start has to do depends on the death before, so that it may not come to a place the first time. */
const MOST_LIVES = 10
/** One kill in so many happens at each place before it, and one after: 20 of a thousand. */
const QUOTA_OF = 50

/** `npm test` dies once at every place; this dies everywhere, before and after, at random times. */
export const campaign: Campaign = {
  title:
    'kill -9 of a real engine on a real file, at every durable write and every call of the exchange: nothing acknowledged is lost, nothing is booked twice',
  killsPerSeed: DEATHS,
  // `simulator`: the venue is a process of its own that goes on, and its books are the judge; `paper`: the venue dies with the engine.
  options: { venue: 'simulator' },
  run(seed, { options }) {
    const venue = options['venue']
    if (venue === 'simulator') return atSimulator(seed)
    if (venue === 'paper') return onPaper(seed)
    throw new RangeError(`venue: expected simulator or paper, received ${venue}`)
  },
  // Places come round in turn over the seeds, so that each has its share; that it had is counted here all the same.
  lacks(figures, { venue }) {
    const quota = Math.floor(figures['kills']! / QUOTA_OF)
    return [...migrations, ...(venue === 'paper' ? paperWishes : wishes)]
      .map((wish) => nameOf(wish))
      .filter((name, i, names) => names.indexOf(name) === i && (figures[name] ?? 0) < quota)
      .map((name) => `${name}: expected at least ${quota} of ${figures['kills']} kills there, received ${figures[name] ?? 0}`)
  },
}

type Figures = Record<string, number>

type Count = (name: string, by?: number) => void

function counter(): { readonly figures: Figures; readonly count: Count } {
  const figures: Figures = { kills: 0, lived: 0, entries: 0, orders: 0, fills: 0 }
  return { figures, count: (name, by = 1) => void (figures[name] = (figures[name] ?? 0) + by) }
}

const beforeAndAfter = (place: EnginePlace): readonly DeathWish[] => [
  { place, when: 'before' },
  { place, when: 'after' },
]
const nameOf = ({ place, when }: DeathWish): string => (when === undefined ? place : `${when} ${place}`)

/** A file is migrated in its first life only. */
const migrations = beforeAndAfter('store:migration')

/** Everywhere, before and after, and twice anywhere. */
const wishes: readonly DeathWish[] = [
  ...enginePlaces.filter((place) => place !== 'store:migration').flatMap(beforeAndAfter),
  ...wirePlaces.map((place) => ({ place })),
  { place: 'anywhere' },
  { place: 'anywhere' },
]

/** At the dashboard's own exchange nothing goes over a wire. */
const paperWishes = enginePlaces.filter((place) => place !== 'store:migration').flatMap(beforeAndAfter)

/**
 * Has a file die as often as it is to: of its migration first, then where its seed's turn is. A life that did not come to its place is followed by another
 * that is to die there, with the first time that it comes.
 */
async function dieInTurn(seed: number, all: readonly DeathWish[], pick: (count: number) => number, count: Count, die: (wish: DeathWish) => Promise<boolean>) {
  const turns = Array.from({ length: DEATHS - 1 }, (_, i) => all[(seed * (DEATHS - 1) + i) % all.length]!)
  for (const wish of [migrations[seed % 2]!, ...turns]) {
    let lives = 1
    while (!(await die({ ...wish, nth: lives === 1 ? 1 + pick(timesOf(wish.place)) : 1 }))) {
      count('lived')
      if (lives++ === MOST_LIVES) throw new Error(`${nameOf(wish)}: ${MOST_LIVES} lives in a row did not come there`)
    }
    count('kills')
    count(nameOf(wish))
  }
}

async function atSimulator(seed: number): Promise<Figures> {
  const random = randomNumbers(seed)
  const pick = (most: number): number => Math.floor(random() * most)
  const { figures, count } = counter()
  const trader = await MortalTrader.begin(seed)
  try {
    await dieInTurn(seed, wishes, pick, count, (wish) => trader.die({ ...wish, flyingMs: pick(5), afterMs: pick(LONGEST_MOMENT_MS) }))
    await trader.rest()
    const judged = trader.judged()
    if (judged.words.length > 0) throw new Error(judged.words.slice(0, 5).join('; '))
    for (const name of ['entries', 'orders', 'fills', ...verdicts] as const) count(name, judged[name])
    return figures
  } finally {
    await trader.end()
  }
}

const verdicts = [
  'duplicateOrders',
  'lostFills',
  'doubleFills',
  'ledgerMismatches',
  'limitBreaches',
  'stuckIntents',
] as const satisfies readonly (keyof Judged)[]

async function onPaper(seed: number): Promise<Figures> {
  const random = randomNumbers(seed)
  const pick = (most: number): number => Math.floor(random() * most)
  // Every second database lets old decisions go.
  const store = new CrashedStore(seed, seed % 2 === 0 ? 1 / 48 : 36_500)
  const { figures, count } = counter()
  try {
    await dieInTurn(seed, paperWishes, pick, count, async ({ place, when, nth }) => (await store.die(place as EnginePlace, when!, nth!)).killed)
    const { entries, orders, fills } = await store.audit()
    count('entries', entries)
    count('orders', orders)
    count('fills', fills)
    return figures
  } finally {
    store.close()
  }
}
