import type { Notice, Notifier } from '../../contracts/notifier.ts'
import { isoTime } from '../../model/iso-time.ts'

/** A notice as one line. */
const lineOf = ({ severity, code, botId, text, atMs, heldBack }: Notice): string =>
  `${isoTime(atMs)} ${severity.toUpperCase()} ${code}${botId === undefined ? '' : ` ${botId}`}: ${text}${heldBack === 0 ? '' : ` (${heldBack} more before)`}`

/**
 * Writes notices as lines.
 *
 * @param write - takes one line without its end
 * @example
 * ```ts
 * consoleNotifier((line) => console.error(line)).id // => 'console'
 * ```
 */
export function consoleNotifier(write: (line: string) => void): Notifier {
  return {
    id: 'console',
    notify(notice) {
      write(lineOf(notice))
      return Promise.resolve()
    },
  }
}

/** Where a webhook is and how long to wait for it. */
export interface WebhookOptions {
  /** https, or http on this machine. Whoever knows it can write there, so it is never shown. */
  readonly url: string
  readonly fetch?: typeof fetch
  /** Default 5 s. */
  readonly timeoutMs?: number
}

const local = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Posts notices as JSON: `text` for chats that show one line, and every field for programs.
 *
 * @throws RangeError when the address is neither https nor on this machine
 * @example
 * ```ts
 * webhookNotifier({ url: 'https://hooks.example/millrace' }).id // => 'webhook'
 * ```
 */
export function webhookNotifier({ url, fetch: request = fetch, timeoutMs = 5_000 }: WebhookOptions): Notifier {
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (address === undefined || !(address.protocol === 'https:' || (address.protocol === 'http:' && local.has(address.hostname))))
    throw new RangeError('webhook: expected an address with https, or http on this machine; received another one')
  return {
    id: 'webhook',
    async notify(notice) {
      const response = await request(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...notice, text: lineOf(notice), detail: notice.text }),
        // A redirect would carry the notice to an address nobody chose.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`the webhook answered ${response.status}`)
    },
  }
}
