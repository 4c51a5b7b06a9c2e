import { expect, test } from 'vitest'
import { sharedWithClient } from '../../scripts/tidy/venue-judge.ts'
import { problemText, sourceFile, workspaceEntries, workspaceSources } from '../../scripts/tidy/source.ts'

const found = (path: string, text: string): string[] => sharedWithClient([sourceFile(path, text)], workspaceEntries()).map(({ message }) => message)
const inside = 'packages/coinbase-adapter/src/simulator/ledger/ledger.ts'

test('the venue that judges the client shares no code with it', () => {
  expect(sharedWithClient(workspaceSources(), workspaceEntries()).map(problemText)).toEqual([])
})

test.each([
  `import { decimal } from '@millrace/core'`,
  `import type { Clock } from '@millrace/core'`,
  `import { simulatedClock } from '@millrace/core/testing'`,
  `import { rsi } from '@millrace/indicators'`,
  `import { parseSigningKey } from '../../auth/signing-key.ts'`,
  `export { productSchema } from '../../wire/product.ts'`,
  `const rest = await import('../../rest/http.ts')`,
])('%s in it is found', (text) => {
  expect(found(inside, text)).toEqual([expect.stringContaining('the simulated venue must not use')])
  expect(found('packages/coinbase-adapter/src/rest/rest-client.ts', text)).toEqual([])
})

test('its own files and other libraries are free, and its tests may use anything', () => {
  expect(found(inside, `import { add } from '../amount.ts'\nimport { Decimal } from 'decimal.js'\nimport { createServer } from 'node:http'`)).toEqual([])
  expect(found('packages/coinbase-adapter/src/simulator/venue.fixture.ts', `import { simulatedClock } from '@millrace/core/testing'`)).toEqual([])
})

test('the client does not use the venue either', () => {
  expect(found('packages/coinbase-adapter/src/coinbase-market.ts', `import { amount } from './simulator/amount.ts'`)).toEqual([
    'packages/coinbase-adapter/src/simulator/amount.ts belongs to the simulated venue, which judges the client',
  ])
})
