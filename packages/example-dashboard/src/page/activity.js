/** @import { Alert, EngineState, FillRecord } from '@millrace/core' */
import { h, icon, time } from './dom.js'
import { fee, missing, price, quantity, shortTime, signedAmount, tone, words } from './format.js'

/**
 * The last fills, newest first; rows are made anew only when the list changes.
 *
 * @param {HTMLElement} place
 * @returns {(state: EngineState) => void}
 */
export function fillList(place) {
  let shown = 'nothing yet'
  return (state) => {
    const key = state.lastFills.map((fill) => fill.fillId).join()
    if (key === shown) return
    shown = key
    if (state.lastFills.length === 0) return place.replaceChildren(h('p', { class: 'empty' }, 'No fills yet.'))
    const decimals = new Map(state.bots.map((bot) => [bot.instrument, bot.priceDecimals]))
    const head = h('tr', {}, ...['Time', 'Bot', 'Side', 'Quantity', 'Price', 'Fee', 'P&L', 'Why'].map((name) => h('th', { scope: 'col' }, name)))
    const rows = state.lastFills.map((fill) => fillRow(fill, state.nowMs, decimals.get(fill.instrument) ?? 0))
    place.replaceChildren(h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows)))
  }
}

/** @param {FillRecord} fill @param {number} nowMs @param {number} decimals */
function fillRow(fill, nowMs, decimals) {
  const sold = fill.side === 'sell'
  return h(
    'tr',
    { 'data-fill': fill.fillId },
    h('td', { class: 'when' }, time(fill.atMs, shortTime(fill.atMs, nowMs))),
    h('td', {}, fill.botId),
    h('td', {}, h('span', { class: `side side-${fill.side}` }, fill.side.toUpperCase())),
    h('td', { class: 'number', 'data-name': 'Quantity' }, quantity(fill.quantity)),
    h('td', { class: 'number', 'data-name': 'Price' }, price(fill.price, decimals)),
    h('td', { class: 'number', 'data-name': 'Fee' }, `${fee(fill.feeAmount)} ${fill.feeCurrency}`),
    h('td', { class: `number ${sold ? tone(fill.realizedPnl) : ''}`, 'data-name': 'P&L' }, sold ? signedAmount(fill.realizedPnl) : missing),
    h('td', { class: 'why' }, words(fill.source)),
  )
}

const alertIcons = { info: 'ok', warning: 'alert', critical: 'block' }

/**
 * @param {HTMLElement} place
 * @returns {(state: EngineState) => void}
 */
export function alertList(place) {
  let shown = 'nothing yet'
  return (state) => {
    const key = state.alerts.map((alert) => `${alert.atMs} ${alert.code} ${alert.botId} ${alert.detail}`).join()
    if (key === shown) return
    shown = key
    const items = state.alerts.map((alert) => alertItem(alert, state.nowMs))
    place.replaceChildren(items.length === 0 ? h('p', { class: 'empty' }, 'No alerts.') : h('ul', { class: 'alerts' }, ...items))
  }
}

/** @param {Alert} alert @param {number} nowMs */
function alertItem(alert, nowMs) {
  const about = alert.botId === undefined ? [] : [h('span', { class: 'tag' }, alert.botId)]
  return h(
    'li',
    { class: `alert alert-${alert.severity}` },
    icon(alertIcons[alert.severity]),
    h(
      'div',
      {},
      h(
        'p',
        { class: 'alert-head' },
        h('span', { class: 'severity' }, alert.severity),
        h('strong', {}, alert.code),
        ...about,
        time(alert.atMs, shortTime(alert.atMs, nowMs)),
      ),
      h('p', {}, alert.detail),
    ),
  )
}

/** A fill as a sentence for screen readers. @param {FillRecord} fill */
export const fillSentence = (fill) =>
  `${fill.botId}: ${fill.side === 'buy' ? 'bought' : 'sold'} ${quantity(fill.quantity)} at ${fill.price}${fill.side === 'sell' ? `, result ${signedAmount(fill.realizedPnl)}` : ''}`
