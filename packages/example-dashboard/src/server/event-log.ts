import { randomUUID } from 'node:crypto'
import { EngineError } from '@millrace/core'
import type { Engine, EngineState } from '@millrace/core'
import { createBell } from './bell.ts'
import { toWire } from './wire.ts'

export interface StreamEvent {
  readonly seq: number
  readonly type: 'state' | 'order' | 'fill' | 'alert' | 'gap' | 'end'
  /** JSON text. */
  readonly data: string
}

/** What every open page reads from, each at its own pace: one bounded list of events and the newest state, no queue per page. */
export interface EventLog {
  /** Number of the newest event. */
  readonly seq: number
  /** Everything after an event, oldest first: orders, fills and alerts one by one, of the states only the newest. Starts with `gap` when some have been dropped. */
  after(seq: number): readonly StreamEvent[]
  /** The newest state; undefined before the first. */
  state(): StreamEvent | undefined
  /** Resolves when there is something after the event, when the time is over or on abort. */
  changed(seq: number, timeoutMs: number, signal: AbortSignal): Promise<void>
  /** Id of an event as clients see it; other servers' ids are told apart. */
  idOf(seq: number): string
  /** The event that a client saw last; undefined when it is none of ours. */
  seqOf(id: string): number | undefined
  /** True after {@link EventLog.close}: nothing follows. */
  readonly closed: boolean
  close(): void
}

export interface EventLogOptions {
  /** Orders, fills and alerts kept for pages that come back. */
  readonly keep?: number
  /** After this long without a state the engine is asked for one: time passes and prices age even where nothing happens. */
  readonly refreshMs?: number
  readonly onError?: (error: unknown) => void
}

/** Listens to an engine and keeps its newest state and its last orders, fills and alerts. */
export function createEventLog(
  engine: Pick<Engine, 'state' | 'state$' | 'orders$' | 'fills$' | 'alerts$'>,
  { keep = 256, refreshMs = 5_000, onError }: EventLogOptions = {},
): EventLog {
  const bootId = randomUUID().slice(0, 8)
  const kept: StreamEvent[] = []
  const bell = createBell()
  let seq = 0
  let droppedSeq = 0
  let newest: NewestState | undefined
  let closed = false

  const push = (type: StreamEvent['type'], value: unknown): void => {
    kept.push({ seq: ++seq, type, data: JSON.stringify(toWire(value)) })
    if (kept.length > keep) droppedSeq = kept.shift()!.seq
    bell.ring()
  }
  const note = (state: EngineState): void => {
    newest = { seq: ++seq, json: once(() => JSON.stringify(toWire(state))) }
    refresh.refresh()
    bell.ring()
  }
  const refresh = setInterval(() => {
    try {
      note(engine.state())
    } catch (error) {
      // Before its start an engine has no state to give.
      if (!(error instanceof EngineError && error.code === 'NOT_RUNNING')) onError?.(error)
    }
  }, refreshMs)
  refresh.unref()
  const subscriptions = [
    engine.state$.subscribe(note),
    engine.orders$.subscribe((order) => push('order', order)),
    engine.fills$.subscribe((fill) => push('fill', fill)),
    engine.alerts$.subscribe((alert) => push('alert', alert)),
  ]

  return {
    get seq() {
      return seq
    },
    get closed() {
      return closed
    },
    after(from) {
      const events = kept.filter((event) => event.seq > from)
      if (newest !== undefined && newest.seq > from) events.push(stateEvent(newest))
      events.sort((a, b) => a.seq - b.seq)
      return droppedSeq > from ? [{ seq: droppedSeq, type: 'gap', data: JSON.stringify({ reason: 'dropped' }) }, ...events] : events
    },
    state: () => newest && stateEvent(newest),
    changed: async (from, timeoutMs, signal) => {
      if (seq <= from && !closed) await bell.next(timeoutMs, signal)
    },
    idOf: (of) => `${bootId}-${of}`,
    seqOf(id) {
      const [boot, number] = id.split('-')
      const of = Number(number)
      return boot === bootId && Number.isSafeInteger(of) && of >= 0 && of <= seq ? of : undefined
    },
    close() {
      if (closed) return
      closed = true
      clearInterval(refresh)
      for (const subscription of subscriptions) subscription.unsubscribe()
      bell.ring()
    },
  }
}

interface NewestState {
  readonly seq: number
  /** Made when the first page asks: most states are never sent. */
  readonly json: () => string
}

const stateEvent = ({ seq, json }: NewestState): StreamEvent => ({ seq, type: 'state', data: json() })

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
