import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { reference } from './reference.ts'

it('[row 98] the reference in docs/ is the one that the routes give', () => {
  expect(readFileSync(new URL('../../../../../docs/reference/http-api.md', import.meta.url), 'utf8')).toBe(reference())
})
