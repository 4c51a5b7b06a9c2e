/** @import { BotState } from '@millrace/core' */
import { h, icon, setAttribute, setIcon, setText, show } from './dom.js'
import { amount, duration, missing, percent, price, quantity, score, shortTime, signedAmount, tone, words } from './format.js'
import { reasonBox } from './reasons.js'
import { scoreBar } from './score-bar.js'

/** A price older than this many candles of the bot is greyed out. */
const stalePriceCandles = 2

/**
 * The card of one bot: made once, then only its texts change.
 *
 * @param {string} id
 * @returns {{ root: HTMLElement, update: (bot: BotState, nowMs: number, currency: string) => void }}
 */
export function botCard(id) {
  const head = heading(id)
  const quote = priceRow()
  const opinion = opinionRows()
  const facts = factRows()
  const reason = reasonBox(id)
  const root = h('article', { class: 'card', 'data-bot': id, 'aria-labelledby': `bot-${id}` }, head.root, quote.root, opinion.root, facts.root, reason.root)
  return {
    root,
    update(bot, nowMs, currency) {
      head.update(bot)
      quote.update(bot, currency)
      opinion.update(bot)
      facts.update(bot, nowMs, currency)
      reason.update(bot, nowMs, currency)
    },
  }
}

/** @param {string} id */
function heading(id) {
  const pair = h('h3', { id: `bot-${id}` })
  const paused = h('span', { class: 'tag' }, 'paused')
  const drawing = icon('frozen')
  const word = h('span', {})
  const temperature = h('span', { class: 'temperature' }, drawing, word)
  return {
    root: h('header', { class: 'card-head' }, pair, paused, temperature),
    /** @param {BotState} bot */
    update(bot) {
      setText(pair, bot.instrument)
      show(paused, bot.paused)
      setIcon(drawing, bot.temperature)
      setText(word, bot.temperature.toUpperCase())
      setAttribute(temperature, 'class', `temperature temperature-${bot.temperature}`)
      setAttribute(temperature, 'title', 'Strength of the score')
    },
  }
}

function priceRow() {
  const value = h('span', { class: 'price live' })
  const unit = h('span', { class: 'unit' })
  const age = h('span', { class: 'age' })
  const root = h('p', { class: 'price-row' }, value, unit, age)
  return {
    root,
    /** @param {BotState} bot @param {string} currency */
    update(bot, currency) {
      const stale = bot.priceAgeMs !== undefined && bot.priceAgeMs > stalePriceCandles * bot.timeframeMs
      setText(value, price(bot.price, bot.priceDecimals))
      setText(unit, currency)
      setText(age, bot.priceAgeMs === undefined ? 'no price yet' : `${stale ? 'stale: ' : ''}${duration(bot.priceAgeMs)} old`)
      setAttribute(root, 'class', stale ? 'price-row stale-price' : 'price-row')
    },
  }
}

function opinionRows() {
  const total = scoreBar('Score')
  const action = h('span', { class: 'action' })
  const parts = h('div', { class: 'components' })
  /** @type {Map<string, ReturnType<typeof scoreBar>>} */
  let bars = new Map()
  const progress = h('progress', { max: '1', 'aria-label': 'Confirmation' })
  const progressText = h('span', { class: 'confirmation-text' })
  return {
    root: h(
      'div',
      { class: 'opinion' },
      h('div', { class: 'score' }, total.root, action),
      parts,
      h('div', { class: 'confirmation' }, h('span', { class: 'label' }, 'Confirm'), progress, progressText),
    ),
    /** @param {BotState} bot */
    update(bot) {
      total.update(bot.score, `${bot.action}, ${score(bot.score)}`)
      setText(action, bot.score === undefined ? missing : bot.action)
      setAttribute(action, 'class', `action action-${bot.score === undefined ? 'hold' : bot.action}`)
      if (bot.components.map((c) => c.name).join() !== [...bars.keys()].join()) {
        bars = new Map(bot.components.map((c) => [c.name, scoreBar(words(c.name))]))
        parts.replaceChildren(...[...bars.values()].map((bar) => bar.root))
      }
      for (const component of bot.components) bars.get(component.name)?.update(component.score, `${component.reason}; weight ${component.weight}`)
      const { side, progress: share, requiredMs } = bot.confirmation
      progress.value = side === undefined ? 0 : share
      setText(progressText, side === undefined ? missing : `${side} ${percent(share)} of ${duration(requiredMs)}`)
    },
  }
}

function factRows() {
  /** @param {string} name */
  const row = (name) => {
    const value = h('dd', {})
    return { value, root: h('div', {}, h('dt', {}, name), value) }
  }
  const position = row('Position')
  const entry = row('Average entry')
  const result = row('P&L')
  const order = row('Order')
  const fill = row('Last fill')
  const unrealized = h('span', {})
  const realized = h('span', {})
  result.value.append(unrealized, ' open, ', realized, ' realised')
  return {
    root: h('dl', { class: 'facts' }, position.root, entry.root, result.root, fill.root, order.root),
    /** @param {BotState} bot @param {number} nowMs @param {string} currency */
    update(bot, nowMs, currency) {
      const { status, quantity: held, averageEntry, tranches } = bot.position
      const flat = status === 'closed'
      setText(position.value, flat ? 'flat' : `${status} · ${quantity(held)} · ${tranches.length} ${tranches.length === 1 ? 'tranche' : 'tranches'}`)
      setText(entry.value, averageEntry === undefined ? missing : `${price(averageEntry, bot.priceDecimals)} ${currency}`)
      setText(unrealized, signedAmount(bot.unrealizedPnl))
      setText(realized, signedAmount(bot.realizedPnl))
      setAttribute(unrealized, 'class', tone(bot.unrealizedPnl))
      setAttribute(realized, 'class', tone(bot.realizedPnl))
      setAttribute(result.value, 'title', `net of fees; fees ${amount(bot.fees)} ${currency}; ${bot.tradesToday} trades today`)
      const last = bot.lastFill
      setText(
        fill.value,
        last === undefined ? missing : `${last.side} ${quantity(last.quantity)} @ ${price(last.price, bot.priceDecimals)}, ${shortTime(last.atMs, nowMs)}`,
      )
      const working = bot.workingOrder
      show(order.root, working !== undefined)
      setText(order.value, working === undefined ? missing : `${working.side} ${sizeText(working, currency)} ${words(working.type)} · ${words(working.state)}`)
    },
  }
}

/** @param {NonNullable<BotState['workingOrder']>} order @param {string} currency */
const sizeText = (order, currency) => (order.quoteSize === undefined ? quantity(order.baseSize) : `${amount(order.quoteSize)} ${currency}`)
