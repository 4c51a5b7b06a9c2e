import type { InstrumentState } from '../../../model/instrument.ts'
import { equal } from '../../../model/money.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { must } from '../must.ts'
import { refused, text } from '../checks.ts'
import type { Trial } from '../trial.ts'
import { needsLimits, restingBuy } from './limit-orders.ts'

/** Waits until the exchange lists the state; a delisted instrument may also be gone. */
async function listedAs(trial: Trial, state: InstrumentState): Promise<void> {
  let received = 'nothing'
  await trial.until(
    async () => {
      const found = (await trial.exchange.instruments()).find(({ id }) => id === trial.instrument.id)
      received = found?.state ?? 'nothing'
      return received === state || (state === 'delisted' && found === undefined) ? true : undefined
    },
    () => `instruments(): expected ${trial.instrument.id} as ${state}, received ${received}`,
  )
}

const atMarket = (trial: Trial): { base: ReturnType<Trial['quantity']> } => ({ base: trial.quantity() })
const below = (trial: Trial): { base: ReturnType<Trial['quantity']>; limit: ReturnType<Trial['quantity']> } => ({
  base: trial.quantity(),
  limit: trial.priceTimes('0.99'),
})

export const productStateCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E44',
    name: 'every state of an instrument is told',
    prerequisite: 'none',
    action: 'the venue puts the instrument into cancelOnly, limitOnly, postOnly, halted, and online again; instruments() after each',
    expected: 'the state, each time',
    needs: ['setState'],
    check: async (trial, { setState }) => {
      for (const state of ['cancelOnly', 'limitOnly', 'postOnly', 'halted', 'online'] as const) {
        await setState(state)
        await listedAs(trial, state)
      }
    },
  }),
  exchangeCase({
    id: 'E45',
    name: 'a halted instrument takes no order',
    prerequisite: 'none',
    action: 'halt; submit a market buy; go on; submit another',
    expected: 'rejected; the balances are what they were; then accepted and filled',
    events: ['rejected?', 'open? partiallyFilled? filled'],
    needs: ['setState'],
    check: async (trial, { setState }) => {
      await setState('halted')
      await refused(trial, atMarket(trial), 'an order in a halted instrument')
      await setState('online')
      const ref = await trial.accepted(atMarket(trial))
      await trial.reaches(ref, 'filled')
      await trial.settled(ref)
    },
  }),
  exchangeCase({
    id: 'E46',
    name: 'where only cancels are taken, a resting order can be cancelled',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; cancelOnly; submit another; cancel the first',
    expected: 'the second is rejected; the first is cancelled',
    events: ['open cancelled', 'rejected?'],
    needs: ['setState'],
    check: async (trial, { setState }) => {
      const ref = await restingBuy(trial)
      await setState('cancelOnly')
      await refused(trial, below(trial), 'an order where only cancels are taken')
      await trial.exchange.cancel(ref, new AbortController().signal)
      await trial.reaches(ref, 'cancelled')
    },
  }),
  exchangeCase({
    id: 'E47',
    name: 'where only limit orders are taken, a market order is refused',
    prerequisite: 'order type limit',
    action: 'limitOnly; submit a market buy, then a limit buy below the price',
    expected: 'rejected; then accepted and open',
    events: ['rejected?', 'open'],
    needs: ['setState'],
    check: async (trial, { setState }) => {
      needsLimits(trial)
      await setState('limitOnly')
      await refused(trial, atMarket(trial), 'a market order where only limit orders are taken')
      await trial.reaches(await trial.accepted(below(trial)), 'open')
    },
  }),
  exchangeCase({
    id: 'E48',
    name: 'where only post-only orders are taken, others are refused',
    prerequisite: 'order type limit',
    action: 'postOnly; submit a market buy, then a post-only limit buy below the price',
    expected: 'rejected; then accepted and open',
    events: ['rejected?', 'open'],
    needs: ['setState'],
    check: async (trial, { setState }) => {
      needsLimits(trial)
      await setState('postOnly')
      await refused(trial, atMarket(trial), 'a market order where only post-only orders are taken')
      await trial.reaches(await trial.accepted({ ...below(trial), postOnly: true }), 'open')
    },
  }),
  exchangeCase({
    id: 'E49',
    name: 'a delisted instrument takes no order, and what was bought of it is still there',
    prerequisite: 'none',
    action: 'a market buy fills; the venue delists the instrument; submit another; order(first); balances()',
    expected: 'the second is rejected; the first is still told as filled; the coins are still in the balances',
    events: ['open? partiallyFilled? filled', 'rejected?'],
    needs: ['setState'],
    check: async (trial, { setState }) => {
      const ref = await trial.accepted(atMarket(trial))
      await trial.reaches(ref, 'filled')
      const bought = await trial.purse(trial.instrument.base)
      await setState('delisted')
      await listedAs(trial, 'delisted')
      await refused(trial, atMarket(trial), 'an order in a delisted instrument')
      const still = await trial.report(ref)
      must(still.state === 'filled', () => `order(): expected the order of a delisted instrument as filled, received ${still.state}`)
      const { total } = await trial.purse(trial.instrument.base)
      must(equal(total, bought.total), () => `balances(): expected the ${text(bought.total)} of a delisted instrument, received ${text(total)}`)
    },
  }),
]
