import { presets } from '@millrace/core'
import type { BotState } from '@millrace/core'
import { expect, it } from 'vitest'
import { nearest } from './nearest.ts'
import { presetNames, settingText, settingsFrom } from './settings-text.ts'

it('reads what was typed: empty fields are left out, the rest are members of an object, and what is no JSON is said', () => {
  expect(settingsFrom({ confirm: ' 10m ', actionThreshold: '' }, '')).toEqual({ confirm: '10m' })
  expect(settingsFrom({ confirm: '', actionThreshold: '0.2' }, '"exits": ["stop-loss"]')).toEqual({ actionThreshold: 0.2, exits: ['stop-loss'] })
  expect(settingsFrom({ actionThreshold: 'much' }, '{ "on": "update" }')).toEqual({ actionThreshold: 'much', on: 'update' })
  expect(settingsFrom({}, 'confirm: 5m')).toMatch(/^Other settings: expected JSON, /)
  expect([settingText(null), settingText('5m'), settingText([1])]).toEqual(['nothing', '5m', '[1]'])
})

it('offers the presets that there are', () => {
  expect(presetNames).toEqual(Object.keys(presets))
})

it('puts the bot first that is nearest to a trade, as the engine sees it', () => {
  const bot = (id: string, score: number, outcome: BotState['outcome'], canTrade: boolean, more: object = {}, code = 'HOLD', untilMs?: number) =>
    ({ id, score, outcome, readiness: { canTrade, blockers: [{ code, untilMs }] }, ...more }) as unknown as BotState
  const bots = [
    bot('short', -0.9, 'hold', false, {}, 'NO_POSITION'),
    bot('calm', 0.1, 'hold', false),
    bot('weak', 0.2, 'denied', false, {}, 'BALANCE'),
    bot('strong', 0.8, 'denied', false, {}, 'BALANCE'),
    bot('free', 0.3, 'denied', true, {}, 'COOLDOWN'),
    bot('later', 0.9, 'confirming', true, {}, 'CONFIRMATION', 90),
    bot('sooner', 0.4, 'confirming', true, {}, 'CONFIRMATION', 60),
    bot('working', 0, 'orderOpen', false, { workingOrder: {} }),
  ]
  expect(nearest(bots).map(({ id }) => id)).toEqual(['working', 'sooner', 'later', 'free', 'strong', 'weak', 'calm', 'short'])
  expect(nearest([]).length).toBe(0)
})
