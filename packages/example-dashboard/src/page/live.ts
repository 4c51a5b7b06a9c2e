import type { Alert, EngineState, FillRecord, OrderRecord } from '@millrace/core'
import { read } from './api.ts'
import { fromWire } from './wire.ts'

/** How the page hears of the engine: pushed, asked every five seconds, or not at all. `silent`: the line is up and the engine's time stands still. */
export type Link = 'connecting' | 'live' | 'polling' | 'silent' | 'lost' | 'ended'

/** One thing that happened, as the stream told it. */
export type LiveEvent =
  | { readonly type: 'order'; readonly value: OrderRecord }
  | { readonly type: 'fill'; readonly value: FillRecord }
  | { readonly type: 'alert'; readonly value: Alert }
  | { readonly type: 'gap' }

export interface Live {
  readonly state: EngineState | undefined
  readonly link: Link
  /** Since the engine's time last moved on. */
  readonly silentMs: number
}

const silentAfterMs = 10_000
const pollMs = 5_000
const retryMs = 2_000

/**
 * Follows the engine by its stream, and by asking every five seconds while the stream is down: both give the same state.
 *
 * @param show - called with what is known, whenever that changes and once a second
 * @param happened - called with each event of the stream
 * @param signedOut - called when the server does not know this browser any more
 * @returns what ends it
 */
export function follow(show: (live: Live) => void, happened: (event: LiveEvent) => void, signedOut: () => void): () => void {
  let state: EngineState | undefined
  let movedAtMs = 0
  let line: Exclude<Link, 'silent'> = 'connecting'
  let source: EventSource | undefined
  let ended = false
  const tell = (): void => {
    const silentMs = state === undefined ? 0 : performance.now() - movedAtMs
    show({ state, link: line === 'live' && silentMs > silentAfterMs ? 'silent' : line, silentMs })
  }
  const take = (next: EngineState, by: 'live' | 'polling'): void => {
    if (next.nowMs !== state?.nowMs) movedAtMs = performance.now()
    state = next
    line = by
    tell()
  }
  const connect = (): void => {
    if (ended) return
    const opened = (source = new EventSource('/api/v1/stream'))
    const on = (type: string, deliver: (value: unknown) => void): void =>
      opened.addEventListener(type, (event) => deliver(fromWire(JSON.parse((event as MessageEvent<string>).data))))
    on('state', (value) => take(value as EngineState, 'live'))
    on('order', (value) => happened({ type: 'order', value: value as OrderRecord }))
    on('fill', (value) => happened({ type: 'fill', value: value as FillRecord }))
    on('alert', (value) => happened({ type: 'alert', value: value as Alert }))
    on('gap', () => happened({ type: 'gap' }))
    on('end', () => {
      line = 'ended'
      tell()
    })
    opened.addEventListener('error', () => {
      if (line !== 'ended' && line !== 'polling') line = state === undefined ? 'connecting' : 'lost'
      tell()
      // The browser comes back by itself when the line breaks; only after a refusal does it give up.
      if (opened.readyState === EventSource.CLOSED) setTimeout(() => void again(), retryMs)
    })
  }
  const again = async (): Promise<void> => {
    const session = await read<{ readonly role: string | undefined }>('/session').catch(() => undefined)
    if (session !== undefined && session.role === undefined) return signedOut()
    connect()
  }
  const poll = async (): Promise<void> => {
    if (line === 'live') return
    const next = await read<EngineState>('/state').catch(() => undefined)
    // Whoever does not answer is as lost as before.
    if (next !== undefined) take(next, 'polling')
    else if (line === 'polling') line = 'lost'
  }
  connect()
  const timers = [setInterval(tell, 1_000), setInterval(() => void poll(), pollMs)]
  return () => {
    ended = true
    source?.close()
    for (const timer of timers) clearInterval(timer)
  }
}
