/** @import { EngineState } from '@millrace/core' */
import { byId, setAttribute, setText, show } from './dom.js'
import { amount, dateTime } from './format.js'

/** @typedef {'connecting' | 'live' | 'silent' | 'lost' | 'ended'} LinkState */

const tradingTexts = { active: 'Trading', reducing: 'Entries off, exits on', halted: 'Halted' }
const tradingTones = { active: 'good', reducing: 'warn', halted: 'bad' }
/** @type {Readonly<Record<LinkState, readonly [text: string, tone: string]>>} */
const links = { connecting: ['Connecting', 'wait'], live: ['Live', 'good'], silent: ['Silent', 'warn'], lost: ['Reconnecting', 'bad'], ended: ['Ended', 'bad'] }

/** What the run is, whether it trades, and its own time. @param {EngineState} state */
export function updateStatusBar(state) {
  const environment = byId('environment')
  setText(environment, state.environment.toUpperCase())
  setAttribute(environment, 'class', `badge badge-${state.environment}`)
  setText(byId('market-id'), state.market.id.toUpperCase())
  setText(byId('trading'), tradingTexts[state.tradingState])
  setText(byId('reducing'), state.tradingState === 'reducing' ? `${tradingTexts.reducing}. ${state.tradingStateReason ?? ''}` : '')
  show(byId('reducing'), state.tradingState === 'reducing')
  setAttribute(byId('trading'), 'class', `chip chip-${tradingTones[state.tradingState]}`)
  for (const id of ['environment', 'market-id', 'trading']) show(byId(id), true)
  setText(byId('clock'), `${dateTime(state.nowMs)} UTC`)
  setText(byId('market'), [state.market.text, ...state.market.notes].join(' · '))
  const title = `${amount(state.equity)} ${state.quoteCurrency} · ${state.environment} · Millrace`
  if (document.title !== title) document.title = title
}

/** @param {LinkState} link */
export function updateLink(link) {
  const [text, tone] = links[link]
  setText(byId('link'), text)
  setAttribute(byId('link'), 'class', `chip chip-${tone}`)
}
