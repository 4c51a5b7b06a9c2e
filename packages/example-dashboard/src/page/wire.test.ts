import { expect, it } from 'vitest'
import { handMadeState } from '../../test/hand-made-state.ts'
import { toWire } from '../server/wire.ts'
import { fromWire } from './wire.ts'

it('gives the page the very state the engine gave the server, through JSON', () => {
  const state = handMadeState(3)
  const text = JSON.stringify(toWire(state))
  expect(text).toContain('"trading_state_reason":null')
  expect(text).not.toMatch(/"[a-z]+[A-Z]\w*":/)
  expect(fromWire(JSON.parse(text))).toStrictEqual(state)
})
