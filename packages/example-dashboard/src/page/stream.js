/** @import { Alert, EngineState, FillRecord } from '@millrace/core' */
import { fromWire } from './wire.js'

/**
 * @typedef {object} StreamListener
 * @property {(state: EngineState) => void} state
 * @property {(fill: FillRecord) => void} fill
 * @property {(alert: Alert) => void} alert
 * @property {() => void} gap some fills or alerts were not delivered one by one; the state holds the newest of them
 * @property {() => void} lost the line is down; it is tried again by itself
 * @property {() => void} ended the server has said goodbye
 */

const retryMs = 2_000

/**
 * Follows the engine. The browser comes back by itself when the line breaks and says which event it saw last;
 * only when the server answered with a refusal does it give up, and then a new attempt is made here.
 *
 * @param {string} url
 * @param {StreamListener} listener
 */
export function follow(url, listener) {
  const source = new EventSource(url)
  /** @type {(type: string, deliver: (value: any) => void) => void} */
  const on = (type, deliver) => source.addEventListener(type, (event) => deliver(fromWire(JSON.parse(event.data))))
  on('state', listener.state)
  on('fill', listener.fill)
  on('alert', listener.alert)
  source.addEventListener('gap', listener.gap)
  source.addEventListener('end', listener.ended)
  source.addEventListener('error', () => {
    listener.lost()
    if (source.readyState === EventSource.CLOSED) setTimeout(() => follow(url, listener), retryMs)
  })
}
