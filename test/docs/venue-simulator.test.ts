import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultKinds } from '@millrace/coinbase-adapter/simulator'
import { expect, test } from 'vitest'
import { actionSchema } from '../../packages/coinbase-adapter/src/simulator/control/actions.ts'
import { root } from '../../scripts/lib/repo.ts'

const page = readFileSync(join(root, 'docs/concepts/venue-simulator.md'), 'utf8')
const named = new Set([...page.matchAll(/`([A-Za-z]+)`/g)].map(([, name]) => name))

test('the page on the venue simulator names every fault and every action', () => {
  const actions = actionSchema.options.map(({ shape }) => shape.do.value)
  expect([...faultKinds, ...actions].filter((name) => !named.has(name))).toEqual([])
})
