import { fromWire } from './wire.js'

/**
 * Asks the engine to do something. The promise fails with the server's own words.
 *
 * @param {'emergency-stop' | 'rearm'} name
 * @returns {Promise<unknown>}
 */
export async function command(name) {
  const response = await fetch(`/api/v1/trades/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-millrace': '1' },
    body: JSON.stringify({ confirm: true }),
  })
  const body = await response.json()
  if (!response.ok) throw new Error(`${body.title}: ${body.detail}`)
  return fromWire(body)
}
