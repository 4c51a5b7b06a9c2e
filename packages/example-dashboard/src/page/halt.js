/** @import { EmergencyStopReport, EngineState } from '@millrace/core' */
import { command } from './command.js'
import { byId, setText, show } from './dom.js'
import { exactTime } from './format.js'
import { twoStep } from './two-step.js'

/**
 * The emergency stop, always in reach, and the way back. The proof is the engine's own: when its gate closed and what became of open orders.
 *
 * @returns {(state: EngineState) => void}
 */
export function haltControls() {
  /** What the last stop of this page was answered; shown without waiting for the stream, until a later state trades again. */
  let proof = ''
  let halted = false
  let reason = ''
  const rearmToken = /** @type {HTMLInputElement} */ (byId('rearm-token'))
  /** @param {string} text */
  const fail = (text) => {
    setText(byId('failure'), text)
    show(byId('failure'), text !== '')
  }
  const render = () => {
    show(byId('halt'), halted || proof !== '')
    setText(byId('halt-reason'), `${reason} No entries and no exits: stop loss and take profit are held as well.`.trim())
    setText(byId('halt-proof'), proof)
  }
  twoStep(byId('stop'), byId('stop-cancel'), { idle: 'Emergency stop', armed: 'Confirm: stop now', busy: 'Stopping …' }, async () => {
    fail('')
    try {
      proof = proofText(/** @type {EmergencyStopReport} */ (await command('emergency-stop')))
      render()
    } catch (error) {
      fail(`The stop is not confirmed. ${error instanceof Error ? error.message : String(error)}. Try again, or run “millrace panic” in a terminal.`)
    }
  })
  twoStep(byId('rearm'), byId('rearm-cancel'), { idle: 'Re-arm', armed: 'Confirm: trade again', busy: 'Reconciling …' }, async () => {
    fail('')
    try {
      await command('rearm', { token: rearmToken.value.trim() })
      rearmToken.value = ''
    } catch (error) {
      fail(`Not re-armed. ${error instanceof Error ? error.message : String(error)}.`)
    }
  })
  return ({ tradingState, tradingStateReason }) => {
    if (halted && tradingState !== 'halted') proof = ''
    halted = tradingState === 'halted'
    reason = tradingStateReason ?? ''
    render()
  }
}

/** @param {EmergencyStopReport} report */
function proofText({ gateClosedAtMs, cancelled, unresolved }) {
  const open = unresolved.length === 0 ? 'nothing unresolved' : `${unresolved.length} unresolved (${unresolved.join(', ')})`
  return `Order gate closed at ${exactTime(gateClosedAtMs)} UTC · ${cancelled.length} open ${cancelled.length === 1 ? 'order' : 'orders'} cancelled · ${open}.`
}
