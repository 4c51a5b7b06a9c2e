import { expect, test } from 'vitest'
import { randomNumbers } from '../../sqlite-store/test/random-numbers.ts'
import { MortalTrader } from './deaths/deaths.ts'
import type { DeathWish, Judged } from './deaths/deaths.ts'
import { enginePlaces, wirePlaces } from './deaths/places.ts'
import type { EnginePlace, WirePlace } from './deaths/places.ts'

/** Every place at which the process can die, once: where, and at which time that it comes there. The campaign dies at all of them, before and after, many times. */
const matrix: Record<EnginePlace | WirePlace, readonly [when: 'before' | 'after', nth: number]> = {
  // First of all, because only a new file is migrated.
  'store:migration': ['before', 1],
  'commit:intent': ['after', 2],
  'commit:sent': ['after', 1],
  'commit:orderEvent': ['before', 2],
  'commit:fill': ['before', 1],
  'commit:other': ['after', 8],
  'commit:latch': ['after', 1],
  'commit:runStarted': ['after', 1],
  'store:take-over': ['after', 1],
  'store:projections': ['after', 1],
  'store:checkpoint': ['after', 1],
  'store:high-water': ['after', 9],
  'store:lock': ['before', 1],
  'store:unlock': ['after', 1],
  'store:close': ['after', 1],
  'halt:acknowledge': ['after', 1],
  'halt:clear': ['after', 1],
  'venue:submit': ['before', 2],
  'venue:cancel': ['after', 1],
  'wire:create:asked': ['before', 1],
  'wire:create:flying': ['before', 2],
  'wire:create:answered': ['before', 1],
  'wire:cancel:asked': ['before', 1],
  'wire:cancel:flying': ['before', 1],
  'wire:cancel:answered': ['before', 1],
  'wire:fills:answered': ['before', 4],
  'wire:orders:answered': ['before', 7],
  'wire:balances:answered': ['before', 2],
}
const named = Object.entries(matrix).map(([place, [when, nth]]): DeathWish => ({ place: place as EnginePlace | WirePlace, when, nth }))
const MOMENTS = 40 - named.length

const clean: Partial<Judged> = { words: [], duplicateOrders: 0, lostFills: 0, doubleFills: 0, ledgerMismatches: 0, stuckIntents: 0, limitBreaches: 0 }

test('[fault 44] [fault 46] a log that was cut behind the back of a live run is healed from the venue before it trades: its own orders are known again', async () => {
  const trader = await MortalTrader.begin(3)
  try {
    // In the middle of a day: what is cut off holds orders and fills.
    expect(await trader.die({ place: 'wire:create:flying', nth: 5 })).toBe(true)
    trader.cutLog(0.4)
    await trader.rest()
    const judged = trader.judged()
    expect(judged).toMatchObject(clean)
    expect(judged.recovered).toBeGreaterThan(0)
  } finally {
    await trader.end()
  }
})

test('the table has every place', () => expect(named.map(({ place }) => place).sort()).toEqual([...enginePlaces, ...wirePlaces].sort()))

/** Every second death of the table for one file, all of which begin with its migration, and moments that nobody chose between them. */
function deathsOf(half: number): readonly DeathWish[] {
  const random = randomNumbers(half)
  const moments = Array.from({ length: MOMENTS / 2 }, (): DeathWish => ({ place: 'anywhere', afterMs: 250 * random() }))
  return named.flatMap((wish, i) => (i % 2 === half ? [wish, ...moments.splice(0, i % 4 < 2 ? 1 : 0)] : [])).concat(moments)
}

/** What a start has to do depends on the death before: it may not come to a place the first time. */
async function diesAs(wish: DeathWish, trader: MortalTrader): Promise<boolean> {
  for (let life = 0; life < 3; life++) if (await trader.die(wish)) return true
  return false
}

// Two files at two venues at once, one for each processor.
test.concurrent.each([0, 1])(
  '[fault 1] [fault 2] [fault 34] [fault 35] [fault 36] [fault 37] kill -9 of a real engine on a real file at the venue, everywhere, half %i: the books are the venue’s to the last unit',
  { timeout: 120_000 },
  async (half) => {
    const trader = await MortalTrader.begin(half + 1)
    try {
      for (const wish of deathsOf(half)) expect([wish.place, await diesAs(wish, trader)]).toEqual([wish.place, true])
      await trader.rest()
      const judged = trader.judged()
      expect(judged).toMatchObject(clean)
      expect([judged.orders >= 10, judged.fills >= 5]).toEqual([true, true])

      // The judge is awake: a fill that the venue takes back is missed at once.
      trader.venue.control({ do: 'bustFill', entryId: trader.venue.ledger().fills.findLast(({ side }) => side === 'SELL')!.entryId })
      expect(trader.judged()).toMatchObject({ doubleFills: 1, ledgerMismatches: 2 })
    } finally {
      await trader.end()
    }
  },
)
