/** @import { EngineState } from '@millrace/core' */
/** @import { LinkState } from './status-bar.js' */
import { alertList, fillList, fillSentence } from './activity.js'
import { botCard } from './bot-card.js'
import { byId, setText, show } from './dom.js'
import { dateTime, duration } from './format.js'
import { haltControls } from './halt.js'
import { portfolio } from './portfolio.js'
import { signedIn } from './sign-in.js'
import { updateLink, updateStatusBar } from './status-bar.js'
import { follow } from './stream.js'

// The page shows the engine's state and works nothing out: every number is a field of it, formatted.

/** When the engine's time has not moved on for this long, numbers are greyed out. */
const silentAfterMs = 10_000

await signedIn()
dashboard()

function dashboard() {
  const updates = [updateStatusBar, portfolio(byId('figures')), botGrid(byId('bots')), fillList(byId('fills')), alertList(byId('alerts')), haltControls()]
  const announce = announcer(byId('announcer'))
  /** @type {{ state: EngineState, movedAtMs: number } | undefined} */
  let last
  /** @type {LinkState} */
  let link = 'connecting'
  const showLink = () => showTrust(link, last?.state.nowMs, last === undefined ? 0 : performance.now() - last.movedAtMs)

  follow('/api/v1/stream', {
    state(state) {
      last = { state, movedAtMs: state.nowMs === last?.state.nowMs ? last.movedAtMs : performance.now() }
      link = 'live'
      for (const update of updates) update(state)
      showLink()
    },
    fill: (fill) => announce(fillSentence(fill)),
    alert: (alert) => announce(`${alert.severity}: ${alert.detail}`),
    gap: () => announce('Some events were missed; the lists are complete again.'),
    lost() {
      if (link !== 'ended') link = last === undefined ? 'connecting' : 'lost'
      showLink()
    },
    ended() {
      link = 'ended'
      showLink()
    },
  })
  setInterval(showLink, 1000)
}

/**
 * Says how far the numbers can be trusted. They are never carried forward: they stay as the engine gave them, with their age.
 *
 * @param {LinkState} link
 * @param {number | undefined} nowMs the engine's time in the last state; undefined before the first
 * @param {number} silentMs since that time last moved on
 */
function showTrust(link, nowMs, silentMs) {
  const shown = link === 'live' && silentMs > silentAfterMs ? 'silent' : link
  const old = nowMs !== undefined && shown !== 'live'
  updateLink(shown)
  document.body.classList.toggle('stale', old)
  show(byId('silence'), old)
  if (!old) return
  const why = {
    connecting: '',
    live: '',
    silent: 'The engine is silent.',
    lost: 'The connection is lost and is being tried again.',
    ended: 'The run has ended.',
  }
  setText(byId('silence'), `${why[shown]} All numbers are as of ${dateTime(nowMs)} UTC, ${duration(silentMs)} ago.`)
}

/**
 * @param {HTMLElement} place
 * @returns {(state: EngineState) => void}
 */
function botGrid(place) {
  /** @type {Map<string, ReturnType<typeof botCard>>} */
  let cards = new Map()
  return (state) => {
    if (state.bots.map((bot) => bot.id).join() !== [...cards.keys()].join()) {
      cards = new Map(state.bots.map((bot) => [bot.id, cards.get(bot.id) ?? botCard(bot.id)]))
      place.replaceChildren(...[...cards.values()].map((card) => card.root))
      setText(byId('bots-note'), `${state.bots.length}`)
    }
    for (const bot of state.bots) cards.get(bot.id)?.update(bot, state.nowMs, state.quoteCurrency)
  }
}

/**
 * Reads events out, at most one sentence a second, so that a busy minute does not drown a listener.
 *
 * @param {HTMLElement} place
 * @returns {(sentence: string) => void}
 */
function announcer(place) {
  /** @type {string[]} */
  let waiting = []
  setInterval(() => {
    if (waiting.length > 0) setText(place, waiting.length === 1 ? `${waiting[0]}` : `${waiting.length} events, the last: ${waiting.at(-1)}`)
    waiting = []
  }, 1000)
  return (sentence) => {
    waiting.push(sentence)
  }
}
