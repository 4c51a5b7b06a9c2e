/** @import { Change, Decision, StuckGate, Verdict } from '@millrace/core' */
import { h, setAttribute, setText, show, time } from './dom.js'
import { changeText, measure, score, shortTime, words } from './format.js'
import { fromWire } from './wire.js'

/**
 * The question why a bot does not trade: asked of the engine when the panel is opened, never worked out here.
 *
 * @param {string} id
 */
export function whyPanel(id) {
  const button = h('button', { type: 'button', class: 'why-button', 'aria-expanded': 'false', 'aria-controls': `why-${id}` }, 'Why not?')
  const again = h('button', { type: 'button', class: 'why-again' }, 'Ask again')
  const body = h('div', { class: 'why-body' })
  const panel = h('section', { class: 'why', id: `why-${id}`, 'aria-label': `Why ${id} does not trade`, 'aria-live': 'polite' }, body, again)
  show(panel, false)
  let nowMs = 0
  let currency = ''
  const ask = async () => {
    setText(body, 'Asking the engine …')
    try {
      body.replaceChildren(...answer(await explain(id), nowMs, currency))
    } catch (error) {
      setText(body, `No answer: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  button.addEventListener('click', () => {
    const open = panel.hidden !== false
    show(panel, open)
    setAttribute(button, 'aria-expanded', String(open))
    if (open) void ask()
  })
  again.addEventListener('click', () => void ask())
  return {
    button,
    panel,
    /** @param {number} now @param {string} quote */
    update(now, quote) {
      nowMs = now
      currency = quote
    },
  }
}

/**
 * @param {string} id
 * @returns {Promise<Decision>}
 */
async function explain(id) {
  const response = await fetch(`/api/v1/bots/${encodeURIComponent(id)}/explain`)
  const body = await response.json()
  if (!response.ok) throw new Error(`${body.title}: ${body.detail}`)
  return /** @type {Decision} */ (fromWire(body))
}

/** @param {Decision} decision @param {number} nowMs @param {string} currency @returns {(Node | string)[]} */
function answer(decision, nowMs, currency) {
  const { nearest, signal } = decision
  return [
    h(
      'p',
      {},
      'At ',
      time(decision.timeMs, shortTime(decision.timeMs, nowMs)),
      `: ${words(decision.outcome)}, score ${score(decision.score)}. ${signal?.reason ?? ''}`,
    ),
    ...(nearest === undefined
      ? [h('p', {}, 'It traded: nothing stood in the way.')]
      : [
          h('h4', {}, 'The smallest change that would have made it trade'),
          h('ul', { class: 'changes' }, ...nearest.changes.map((change) => changeItem(change, currency)), ...nearest.stuck.map(stuckItem)),
          h('p', { class: 'flips' }, nearest.flips ? 'With all of this it would have traded.' : 'These numbers alone would not have made it trade.'),
          ...(nearest.others.length === 0
            ? []
            : [h('p', { class: 'needs' }, `Or instead of the first: ${nearest.others.map((change) => changeText(change, currency)).join('; or ')}`)]),
        ]),
    h('h4', {}, 'What each rule says of an entry'),
    h('table', { class: 'verdicts' }, h('tbody', {}, ...decision.verdicts.map((verdict) => verdictRow(verdict)))),
  ]
}

/** @param {Change} change @param {string} currency */
const changeItem = (change, currency) => h('li', {}, h('strong', {}, change.code), ` ${changeText(change, currency)}`)

/** @param {StuckGate} gate */
const stuckItem = (gate) => h('li', {}, h('strong', {}, gate.code), ` ${gate.needs}`)

/** @param {Verdict} verdict */
function verdictRow(verdict) {
  const margin = verdict.margin === undefined ? '' : `margin ${measure(verdict.margin, '')}`
  return h(
    'tr',
    { class: `verdict-${verdict.kind}` },
    h('th', { scope: 'row' }, verdict.ruleId),
    h('td', {}, verdict.kind),
    h('td', {}, verdict.kind === 'allow' ? margin : verdict.detail),
  )
}
