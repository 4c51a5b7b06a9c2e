/** @import { BotState, ReadinessBlocker } from '@millrace/core' */
import { h, icon, setAttribute, setIcon, setText, show } from './dom.js'
import { changeText, duration, shortTime } from './format.js'
import { whyPanel } from './why-panel.js'

/**
 * What a card says when the engine names no blocker: its outcome in words.
 *
 * @type {Readonly<Record<BotState['outcome'], readonly [text: string, icon: string, kind: string]>>}
 */
const outcomes = {
  warmingUp: ['Warming up', 'wait', 'wait'],
  noData: ['No evaluation yet', 'wait', 'calm'],
  hold: ['Holding: no signal', 'wait', 'calm'],
  confirming: ['Confirming a signal', 'wait', 'wait'],
  denied: ['Blocked', 'block', 'blocked'],
  orderOpen: ['An order is at work', 'order', 'wait'],
  ordered: ['Order sent', 'order', 'wait'],
  exit: ['An exit is under way', 'order', 'wait'],
}

/**
 * The foot of a card: the primary reason with its number, what it needs and until when; the other reasons; and the question why not.
 *
 * @param {string} id
 */
export function reasonBox(id) {
  const drawing = icon('ok')
  const code = h('strong', {})
  const detail = h('span', {})
  const until = h('span', { class: 'until' })
  const needs = h('span', { class: 'needs' })
  const main = h('p', { class: 'reason' }, drawing, h('span', {}, code, ' ', detail, until, needs))
  const ready = h('span', { class: 'ready' })
  const others = otherReasons()
  const why = whyPanel(id)
  const root = h('div', { class: 'reasons' }, main, h('p', { class: 'reason-foot' }, ready, why.button), others.root, why.panel)
  return {
    root,
    /** @param {BotState} bot @param {number} nowMs @param {string} currency */
    update(bot, nowMs, currency) {
      const [text, drawn, kind] = outcomes[bot.outcome]
      const [primary, ...more] = bot.readiness.blockers
      setIcon(drawing, drawn)
      setText(code, primary === undefined ? text : primary.code)
      setText(detail, primary === undefined ? '' : primary.detail)
      setText(until, untilText(primary, nowMs))
      setText(needs, primary === undefined ? '' : needsText(primary, currency))
      setAttribute(main, 'class', `reason reason-${kind}`)
      setAttribute(main, 'title', text)
      setText(ready, bot.readiness.canTrade ? 'ready to trade' : 'not ready')
      setAttribute(ready, 'class', `ready ready-${bot.readiness.canTrade ? 'yes' : 'no'}`)
      others.update(more, nowMs, currency)
      why.update(nowMs, currency)
    },
  }
}

/** How long the engine says it takes, in the engine's own time. @param {ReadinessBlocker | undefined} blocker @param {number} nowMs */
const untilText = (blocker, nowMs) =>
  blocker?.untilMs === undefined
    ? ''
    : ` · until ${shortTime(blocker.untilMs, nowMs)}${blocker.untilMs > nowMs ? `, in ${duration(blocker.untilMs - nowMs)}` : ''}`

/** Time stands beside it already. @param {ReadinessBlocker} blocker @param {string} currency */
const needsText = ({ needs, needed }, currency) => (needed === undefined || needed.what === 'time' ? needs : changeText(needed, currency))

function otherReasons() {
  const summary = h('summary', {})
  const list = h('ul', {})
  const root = h('details', { class: 'others' }, summary, list)
  let shown = ''
  return {
    root,
    /** @param {readonly ReadinessBlocker[]} blockers @param {number} nowMs @param {string} currency */
    update(blockers, nowMs, currency) {
      show(root, blockers.length > 0)
      setText(summary, `${blockers.length} more ${blockers.length === 1 ? 'reason' : 'reasons'}`)
      const lines = blockers.map((blocker) => [blocker.code, `${blocker.detail}${untilText(blocker, nowMs)}`, needsText(blocker, currency)])
      const key = JSON.stringify(lines)
      if (key === shown) return
      shown = key
      list.replaceChildren(
        ...lines.map(([name = '', text = '', need = '']) => h('li', {}, h('strong', {}, name), ' ', text, h('span', { class: 'needs' }, need))),
      )
    },
  }
}
