import { crashPoints } from '@millrace/core'
import type { CrashPoint } from '@millrace/core'
import { expect, test } from 'vitest'
import { CrashedStore } from './crash-life.ts'
import type { LifeOptions } from './crash-life.ts'

/** Copies are made by other processes: `backup.test.ts` of the store has their table. */
type EnginePoint = Exclude<CrashPoint, `backup:${string}` | `restore:${string}`>

/** Every place at which the process can die, once: where, and at which time that it comes there. The campaign dies at all of them, before and after, many times. */
const matrix: Record<EnginePoint, readonly [when: LifeOptions['when'], nth: number]> = {
  // First of all, because only a new file is migrated.
  'store:migration': ['after', 1],
  'store:take-over': ['before', 1],
  'store:projections': ['before', 1],
  'commit:runStarted': ['after', 1],
  'commit:intent': ['after', 2],
  'commit:sent': ['after', 2],
  'commit:orderEvent': ['before', 2],
  'commit:fill': ['before', 2],
  'commit:other': ['after', 20],
  'venue:submit': ['after', 3],
  'venue:cancel': ['before', 1],
  'store:checkpoint': ['before', 1],
  'store:high-water': ['before', 30],
  'store:lock': ['after', 1],
  'store:unlock': ['before', 1],
  'store:close': ['before', 1],
  'commit:latch': ['before', 1],
  'halt:acknowledge': ['before', 1],
  'halt:clear': ['before', 1],
}

const inOrder = Object.keys(matrix) as readonly EnginePoint[]

test('the table has every place', () => expect([...inOrder].sort()).toEqual(crashPoints.filter((point) => !/^(backup|restore):/.test(point)).sort()))

// Two files at once, one for each processor; each dies at every second place, and both at the first.
test.concurrent.each([0, 1])(
  '[fault 34] [fault 35] [fault 36] [fault 37] [fault 45] kill -9 of a real engine on a real file at every place, half %i: nothing acknowledged is lost, nothing is booked twice',
  { timeout: 120_000 },
  async (half) => {
    const store = new CrashedStore(11 + half, half === 0 ? 1 / 48 : 36_500)
    try {
      for (const point of inOrder.filter((_, i) => i === 0 || i % 2 === half))
        expect([point, (await store.die(point, ...matrix[point])).killed]).toEqual([point, true])
      const { orders, fills } = await store.audit()
      expect([orders > 5, fills > 3]).toEqual([true, true])
    } finally {
      store.close()
    }
  },
)
