import { presets } from '@millrace/core'
import type { BotState } from '@millrace/core'
import { expect, it } from 'vitest'
import { botName, readyText } from './bot-words.ts'
import { confirming, nearest } from './nearest.ts'
import { changeWords, presetNames, settingText, settingsFrom } from './settings-text.ts'

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
    ({ id, score, outcome, confirmation: {}, readiness: { canTrade, blockers: [{ code, untilMs }] }, ...more }) as unknown as BotState
  const bots = [
    bot('short', -0.9, 'hold', false, {}, 'NO_POSITION'),
    bot('calm', 0.1, 'hold', false),
    bot('weak', 0.2, 'denied', false, {}, 'BALANCE'),
    bot('strong', 0.8, 'denied', false, {}, 'BALANCE'),
    bot('free', 0.3, 'denied', true, {}, 'COOLDOWN'),
    bot('later', 0.9, 'confirming', true, {}, 'CONFIRMATION', 90),
    // What keeps entries back keeps no sale back.
    bot('sells', -0.2, 'confirming', false, { confirmation: { side: 'sell' } }, 'CONFIRMATION', 80),
    bot('full', 0.7, 'confirming', false, { confirmation: { side: 'buy' } }, 'CONFIRMATION', 70),
    bot('sooner', 0.4, 'confirming', true, {}, 'CONFIRMATION', 60),
    bot('working', 0, 'orderOpen', false, { workingOrder: {} }),
  ]
  expect(nearest(bots).map(({ id }) => id)).toEqual(['working', 'sooner', 'sells', 'later', 'free', 'strong', 'full', 'weak', 'calm', 'short'])
  expect(nearest([]).length).toBe(0)
})

it('says who confirms a trade that could leave: entries that nothing else holds back, sales always, and nobody while trading is halted', () => {
  const bot = (id: string, side: 'buy' | 'sell', canTrade: boolean, untilMs: number | undefined, outcome: BotState['outcome'] = 'confirming') =>
    ({ id, outcome, confirmation: { side }, readiness: { canTrade, blockers: [{ code: 'CONFIRMATION', untilMs }] } }) as unknown as BotState
  const bots = [
    bot('late', 'buy', true, 90),
    bot('full', 'buy', false, 10),
    bot('sells', 'sell', false, 60),
    bot('holds', 'buy', true, 5, 'hold'),
    bot('open', 'buy', true, undefined),
  ]
  const ids = (tradingState: 'active' | 'reducing' | 'halted') => confirming({ bots, tradingState }).map(({ bot: { id }, untilMs }) => [id, untilMs])
  expect([ids('active'), ids('halted')]).toEqual([
    [
      ['sells', 60],
      ['late', 90],
    ],
    [],
  ])
})

it('says a change in words, lengths of time as such', () => {
  expect(changeWords({ path: 'confirm_ms', before: 300_000, after: 240_000 })).toEqual({ name: 'confirm', text: '5 min → 4 min' })
  expect(changeWords({ path: 'action_threshold', before: 0.1, after: 0.2 })).toEqual({ name: 'action threshold', text: '0.1 → 0.2' })
  expect(changeWords({ path: 'exits', before: null, after: ['stop-loss'] }).text).toBe('nothing → ["stop-loss"]')
})

it('names a bot by its instrument, and by its id as well where another trades the same', () => {
  const [one, two, other] = [
    { id: 'btc', instrument: 'BTC-USD' },
    { id: 'btc2', instrument: 'BTC-USD' },
    { id: 'eth', instrument: 'ETH-USD' },
  ]
  expect([one, two, other].map((bot) => botName(bot, [one, two, other]))).toEqual(['BTC-USD · btc', 'BTC-USD · btc2', 'ETH-USD'])
})

it('is ready to buy only when nothing is waited for; a sale that is confirmed is not held back by what keeps entries back [row 52]', () => {
  const words = (canTrade: boolean, code?: string, more: object = {}, halted = false) =>
    readyText(
      { outcome: 'hold', confirmation: {}, readiness: { canTrade, blockers: code === undefined ? [] : [{ code }] }, ...more } as unknown as BotState,
      halted,
    )
  const sells = { outcome: 'confirming', confirmation: { side: 'sell' } }
  expect([words(false, 'COOLDOWN'), words(true), words(true, 'CONFIRMATION'), words(true, 'NO_POSITION')]).toEqual([
    'no entry now',
    'ready to buy',
    'ready once confirmed',
    'ready, waits for a signal',
  ])
  expect([words(false, 'CONFIRMATION', sells), words(false, 'CONFIRMATION', sells, true)]).toEqual(['sells once confirmed', 'no entry now'])
})
