import { afterEach, expect, test, vi } from 'vitest'
import { deterministicUuid, portableSha256Hex, sha256Hex } from './hashing.ts'

const texts = ['', 'abc', 'é€😀', '\uD800 lone', '\uDC00', '\0', 'a'.repeat(55), 'a'.repeat(64), 'x'.repeat(10_000)]

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

test('gives the digests of FIPS 180-4', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test('the fast path of Node and the portable one give the same bytes', () => {
  expect(sha256Hex).not.toBe(portableSha256Hex)
  for (const text of texts) expect(sha256Hex(text)).toBe(portableSha256Hex(text))
})

test.each([
  ['a browser, without process', undefined],
  ['a runtime whose process has no getBuiltinModule', {}],
  ['a runtime whose crypto has no one-shot hash', { getBuiltinModule: () => ({}) }],
])('%s takes the portable path', async (_, process) => {
  vi.stubGlobal('process', process)
  vi.resetModules()
  const module = await import('./hashing.ts')
  vi.unstubAllGlobals()
  expect(module.sha256Hex).toBe(module.portableSha256Hex)
  for (const text of texts) expect(module.sha256Hex(text)).toBe(sha256Hex(text))
})

test('derives the same UUID from the same parts, and another from parts cut otherwise', () => {
  expect(deterministicUuid('a', 'b')).toBe(deterministicUuid('a', 'b'))
  expect(deterministicUuid('a', 'b')).not.toBe(deterministicUuid('ab'))
  expect(deterministicUuid('store', 'btc', '1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
