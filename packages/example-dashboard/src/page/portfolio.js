/** @import { EngineState } from '@millrace/core' */
import { h, setAttribute, setText } from './dom.js'
import { amount, signedAmount, tone } from './format.js'

/**
 * One figure: its name, how to read it from the state, and a line of detail.
 *
 * @typedef {object} Figure
 * @property {string} name
 * @property {(state: EngineState) => string} value
 * @property {(state: EngineState) => string} note
 * @property {(state: EngineState) => string} [tone]
 */

/** @type {readonly Figure[]} */
const figures = [
  { name: 'Portfolio value', value: (s) => amount(s.equity), note: (s) => `${s.quoteCurrency}, cash and coins` },
  { name: 'Cash', value: (s) => amount(s.cash.total), note: (s) => `${amount(s.cash.available)} free, ${amount(s.cash.reserved)} reserved` },
  { name: 'Coins', value: (s) => amount(s.coins), note: () => 'at the last price' },
  { name: 'Unrealised P&L', value: (s) => signedAmount(s.unrealizedPnl), note: () => 'of what is held', tone: (s) => tone(s.unrealizedPnl) },
  { name: 'Realised P&L', value: (s) => signedAmount(s.realizedPnl), note: () => 'net of fees', tone: (s) => tone(s.realizedPnl) },
  { name: 'Fees paid', value: (s) => amount(s.fees), note: () => 'inside P&L' },
  { name: 'Max drawdown', value: (s) => amount(s.maxDrawdown), note: () => 'from a peak' },
  {
    name: 'Loss today',
    value: (s) => amount(s.today.loss),
    note: (s) => `worst ${amount(s.today.peakLoss)}, ${s.today.trades} ${s.today.trades === 1 ? 'trade' : 'trades'}`,
  },
]

/**
 * @param {HTMLElement} list a `dl`
 * @returns {(state: EngineState) => void}
 */
export function portfolio(list) {
  const rows = figures.map((figure) => {
    const value = h('dd', { class: 'figure-value live' })
    const note = h('dd', { class: 'figure-note' })
    list.append(h('div', { class: 'figure' }, h('dt', {}, figure.name), value, note))
    setText(value, '–')
    return { figure, value, note }
  })
  return (state) => {
    for (const { figure, value, note } of rows) {
      setText(value, figure.value(state))
      setText(note, figure.note(state))
      setAttribute(value, 'class', `figure-value live ${figure.tone?.(state) ?? ''}`)
    }
  }
}
