import { h, setAttribute, setText } from './dom.js'
import { score as scoreText } from './format.js'

/**
 * A bar from -1 (left, sell) to +1 (right, buy) around its middle, with the number beside it.
 *
 * @param {string} name
 */
export function scoreBar(name) {
  const fill = h('span', { class: 'score-fill' })
  const track = h('span', { class: 'score-track', role: 'meter', 'aria-label': name, 'aria-valuemin': '-1', 'aria-valuemax': '1' }, fill)
  const value = h('span', { class: 'score-value live' })
  const root = h('div', { class: 'score-bar' }, h('span', { class: 'label' }, name), track, value)
  return {
    root,
    /** @param {number | undefined} score @param {string} explanation */
    update(score, explanation) {
      const shown = score ?? 0
      fill.style.setProperty('--from', `${50 + Math.min(shown, 0) * 50}%`)
      fill.style.setProperty('--length', `${Math.abs(shown) * 50}%`)
      setAttribute(fill, 'class', `score-fill ${shown < 0 ? 'sell' : 'buy'}`)
      setAttribute(track, 'aria-valuenow', String(shown))
      setAttribute(track, 'aria-valuetext', score === undefined ? 'none yet' : explanation)
      setAttribute(root, 'title', score === undefined ? '' : explanation)
      setText(value, scoreText(score))
    },
  }
}
