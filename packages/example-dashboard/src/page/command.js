import { fromWire } from './wire.js'

/**
 * Asks the engine to do something. The promise fails with the server's own words.
 *
 * @param {'emergency-stop' | 'rearm'} name
 * @param {Readonly<Record<string, string>>} [more] what it takes beside the confirmation
 * @returns {Promise<unknown>}
 */
export async function command(name, more = {}) {
  const response = await fetch(`/api/v1/trades/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-millrace': '1' },
    body: JSON.stringify({ confirm: true, ...more }),
  })
  const body = await response.json()
  if (!response.ok) throw new Error(`${body.title}: ${body.detail}`)
  return fromWire(body)
}
