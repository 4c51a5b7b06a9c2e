import { setText, show } from './dom.js'

const confirmWithinMs = 5_000
/** The second click of a double click confirms nothing. */
const doubleClickMs = 400

/**
 * Makes a button that acts on the second click only: the first arms it for five seconds.
 *
 * @param {HTMLElement} button with one span for its words
 * @param {HTMLElement} cancel
 * @param {{ idle: string, armed: string, busy: string }} labels
 * @param {() => Promise<void>} act must not throw
 */
export function twoStep(button, cancel, labels, act) {
  const label = /** @type {HTMLElement} */ (button.querySelector('span'))
  /** @type {{ atMs: number, timer: number } | undefined} */
  let armed
  let busy = false

  function disarm() {
    if (armed !== undefined) clearInterval(armed.timer)
    armed = undefined
    const hadFocus = document.activeElement === cancel
    button.classList.remove('armed')
    show(cancel, false)
    setText(label, busy ? labels.busy : labels.idle)
    if (hadFocus) button.focus()
  }

  function tick() {
    const leftMs = confirmWithinMs - (performance.now() - (armed?.atMs ?? 0))
    if (leftMs <= 0) return disarm()
    setText(label, `${labels.armed} (${Math.ceil(leftMs / 1000)})`)
  }

  async function press() {
    if (busy) return
    if (armed === undefined) {
      armed = { atMs: performance.now(), timer: window.setInterval(tick, 200) }
      button.classList.add('armed')
      show(cancel, true)
      tick()
    } else if (performance.now() - armed.atMs > doubleClickMs) {
      busy = true
      disarm()
      await act()
      busy = false
      disarm()
    }
  }

  button.addEventListener('click', () => void press())
  cancel.addEventListener('click', disarm)
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') disarm()
  })
}
