import { crashPoints } from '../../packages/core/src/contracts/crash-point.ts'
import { CrashedStore } from '../../packages/example-dashboard/test/crash-life.ts'
import { randomNumbers } from '../../packages/sqlite-store/test/random-numbers.ts'
import type { Campaign } from '../lib/campaign.ts'

/** Copies of a store are made by other processes, and a file is migrated in its first life only. */
const places = crashPoints.filter((point) => !/^(backup|restore):|migration/.test(point))
/** A life comes there many times. */
const isOften = /^(commit:(?!latch|runStarted)|venue:submit|store:high)/

/** Deaths that one database goes through. */
const DEATHS = 20

/** `npm test` dies once at every place; this dies everywhere, before and after, at random times. */
export const campaign: Campaign = {
  title:
    'kill -9 of a real engine on a real file, at every durable write and every call of the exchange: nothing acknowledged is lost, nothing is booked twice',
  killsPerSeed: DEATHS,
  async run(seed) {
    const random = randomNumbers(seed)
    const pick = (count: number): number => Math.floor(random() * count)
    // Every second database lets old decisions go.
    const store = new CrashedStore(seed, seed % 2 === 0 ? 1 / 48 : 36_500)
    const figures: Record<string, number> = { kills: 0, lived: 0, entries: 0, orders: 0, fills: 0 }
    const count = (name: string, by = 1): void => void (figures[name] = (figures[name] ?? 0) + by)
    try {
      for (let life = 0; figures['kills']! < DEATHS; life++) {
        // The places come round in turn, so that each has its share; a new file is migrated, and no other.
        const point = life === 0 ? 'store:migration' : places[(seed * DEATHS + life) % places.length]!
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
  },
}
