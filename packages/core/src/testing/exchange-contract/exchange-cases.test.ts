import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { exchangeCasesPage, withExchangeCases } from '../../../scripts/exchange-cases.ts'

test('the page lists the cases as they are (else run packages/core/scripts/exchange-cases.ts)', () => {
  const page = readFileSync(exchangeCasesPage, 'utf8')
  expect(page).toBe(withExchangeCases(page))
  expect(() => withExchangeCases('no marks')).toThrow('expected the marks')
})
