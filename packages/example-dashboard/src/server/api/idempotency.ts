import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { Refusal } from '../problem.ts'

/** The answers of requests that carried a key, for repetitions of them. */
export interface Idempotency {
  /**
   * Carries a request out once: who comes again with its key gets the first answer, also while it is being worked on.
   *
   * @throws Refusal `key-reused` when the key came with another request before; `idempotency-key` when it is malformed, or missing and required
   */
  once(c: Context, request: unknown, required: boolean, act: () => Promise<Response>): Promise<Response>
}

interface Kept {
  readonly fingerprint: string
  readonly atMs: number
  readonly answer: Promise<{ readonly status: number; readonly headers: readonly (readonly [string, string])[]; readonly body: string }>
}

const keepMs = 24 * 3_600_000
const mostKept = 1_000
const keyPattern = /^[A-Za-z0-9_-]{8,64}$/

export function createIdempotency(now: () => number = () => performance.now()): Idempotency {
  const kept = new Map<string, Kept>()
  const sweep = (): void => {
    for (const [key, { atMs }] of kept) {
      if (kept.size <= mostKept && now() - atMs < keepMs) return
      kept.delete(key)
    }
  }
  return {
    async once(c, request, required, act) {
      const key = c.req.header('idempotency-key')
      if (key === undefined && !required) return act()
      if (key === undefined || !keyPattern.test(key))
        throw new Refusal('idempotency-key', `idempotency-key: expected 8 to 64 letters, digits, - or _, received ${key === undefined ? 'none' : 'another'}`)
      sweep()
      const fingerprint = createHash('sha256')
        .update(JSON.stringify([c.req.method, c.req.path, request]))
        .digest('hex')
      const before = kept.get(key)
      if (before !== undefined && before.fingerprint !== fingerprint) throw new Refusal('key-reused', 'this idempotency key belongs to another request')
      const entry = before ?? { fingerprint, atMs: now(), answer: recorded(act) }
      if (before === undefined) {
        kept.set(key, entry)
        // What failed was not carried out: the same key may try again.
        entry.answer.then(
          ({ status }) => status >= 500 && kept.delete(key),
          () => kept.delete(key),
        )
      }
      const { status, headers, body } = await entry.answer
      return new Response(body, {
        status,
        headers: [
          ...headers.map(([name, value]): [string, string] => [name, value]),
          ...(before === undefined ? [] : [['idempotent-replay', 'true'] as [string, string]]),
        ],
      })
    },
  }
}

async function recorded(act: () => Promise<Response>): ReturnType<() => Kept['answer']> {
  const response = await act()
  return { status: response.status, headers: [...response.headers], body: await response.text() }
}
