import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Few } from './few.ts'

const key = fc.constantFrom('a', 'b', 'c', 'd')
const action = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, value: fc.nat() }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('clear' as const), key }),
)

test('whatever comes and goes, it holds what a Map holds, in the same order', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const few = new Few<string, number>()
      const map = new Map<string, number>()
      for (const step of actions) {
        if (step.kind === 'set') {
          few.set(step.key, step.value)
          map.set(step.key, step.value)
        } else if (step.kind === 'delete') expect(few.delete(step.key)).toBe(map.delete(step.key))
        else {
          few.clear()
          map.clear()
        }
        expect([...few.keys()]).toEqual([...map.keys()])
        expect([...few.values()]).toEqual([...map.values()])
        expect(few.size).toBe(map.size)
        for (const name of ['a', 'b', 'c', 'd']) {
          expect(few.get(name)).toBe(map.get(name))
          expect(few.has(name)).toBe(map.has(name))
        }
      }
    }),
  )
})
