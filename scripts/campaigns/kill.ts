import { crashPoints } from '../../packages/core/src/contracts/crash-point.ts'
import { MortalTrader } from '../../packages/coinbase-adapter/test/deaths/deaths.ts'
import type { DeathWish, Judged } from '../../packages/coinbase-adapter/test/deaths/deaths.ts'
import { enginePlaces, wirePlaces } from '../../packages/coinbase-adapter/test/deaths/places.ts'
import { CrashedStore } from '../../packages/example-dashboard/test/crash-life.ts'
import { randomNumbers } from '../../packages/sqlite-store/test/random-numbers.ts'
import type { Campaign } from '../lib/campaign.ts'

/** Deaths that one database goes through. */
const DEATHS = 20
/** A life comes there many times. */
const isOften = /^(commit:(?!latch|runStarted)|venue:submit|store:high|wire:(fills|orders))/
/** The longest wait for a moment that nobody chose, in ms from when the process trades. */
const LONGEST_MOMENT_MS = 600

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
}

type Figures = Record<string, number>

function counter(): { readonly figures: Figures; readonly count: (name: string, by?: number) => void } {
  const figures: Figures = { kills: 0, lived: 0, entries: 0, orders: 0, fills: 0 }
  return { figures, count: (name, by = 1) => void (figures[name] = (figures[name] ?? 0) + by) }
}

/** Everywhere, before and after, and twice anywhere. A file is migrated in its first life only. */
const wishes: readonly DeathWish[] = [
  ...enginePlaces.filter((place) => place !== 'store:migration').flatMap((place) => [{ place, when: 'before' } as const, { place, when: 'after' } as const]),
  ...wirePlaces.map((place) => ({ place })),
  { place: 'anywhere' },
  { place: 'anywhere' },
]

async function atSimulator(seed: number): Promise<Figures> {
  const random = randomNumbers(seed)
  const pick = (count: number): number => Math.floor(random() * count)
  const { figures, count } = counter()
  const trader = await MortalTrader.begin(seed)
  try {
    for (let life = 0; figures['kills']! < DEATHS; life++) {
      if (life > 2 * DEATHS) throw new Error(`${DEATHS} deaths were to come in ${2 * DEATHS} lives`)
      // The places come round in turn, so that each has its share.
      const wish: DeathWish =
        life === 0 ? { place: 'store:migration', when: seed % 2 === 0 ? 'before' : 'after' } : wishes[(seed * (DEATHS - 1) + life - 1) % wishes.length]!
      const nth = isOften.test(wish.place) ? 1 + pick(6) : 1
      const died = await trader.die({ ...wish, nth, flyingMs: pick(5), afterMs: pick(LONGEST_MOMENT_MS) })
      count(died ? 'kills' : 'lived')
      if (died) count(wish.when === undefined ? wish.place : `${wish.when} ${wish.place}`)
    }
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

/** Copies of a store are made by other processes, and a file is migrated in its first life only. */
const paperPlaces = crashPoints.filter((point) => !/^(backup|restore):|migration/.test(point))

async function onPaper(seed: number): Promise<Figures> {
  const random = randomNumbers(seed)
  const pick = (count: number): number => Math.floor(random() * count)
  // Every second database lets old decisions go.
  const store = new CrashedStore(seed, seed % 2 === 0 ? 1 / 48 : 36_500)
  const { figures, count } = counter()
  try {
    for (let life = 0; figures['kills']! < DEATHS; life++) {
      // The places come round in turn, so that each has its share; a new file is migrated, and no other.
      const point = life === 0 ? 'store:migration' : paperPlaces[(seed * DEATHS + life) % paperPlaces.length]!
      if (life > 2 * DEATHS) throw new Error(`${DEATHS} deaths were to come in ${2 * DEATHS} lives`)
      const when = pick(2) === 0 ? 'before' : 'after'
      const { killed } = await store.die(point, when, isOften.test(point) ? 1 + pick(8) : 1)
      count(killed ? 'kills' : 'lived')
      if (killed) count(`${when} ${point}`)
    }
    const { entries, orders, fills } = await store.audit()
    count('entries', entries)
    count('orders', orders)
    count('fills', fills)
    return figures
  } finally {
    store.close()
  }
}
