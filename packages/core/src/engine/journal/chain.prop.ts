import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../model/json.ts'
import type { EpochMs } from '../../model/time.ts'
import { canonicalText } from '../canonical.ts'
import { portableSha256Hex } from '../hashing.ts'
import { chainHash } from './chain.ts'

const previous = fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: 64, maxLength: 64 })
const entries = fc.record({
  seq: fc.nat(),
  atMs: fc.maxSafeInteger().map((ms) => ms as EpochMs),
  type: fc.constantFrom('sent' as const, 'alert' as const),
  v: fc.nat(),
  botId: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
  data: fc.jsonValue({ stringUnit: 'binary' }).map((data) => data as Json),
})

test('the hash is that of the previous hash and the canonical text of the whole entry, by either way of hashing', () => {
  fc.assert(
    fc.property(previous, entries, (hash, { botId, ...rest }) => {
      const entry = botId === undefined ? rest : { ...rest, botId }
      expect(chainHash(hash, entry)).toBe(portableSha256Hex(hash + canonicalText(entry)))
    }),
  )
})
