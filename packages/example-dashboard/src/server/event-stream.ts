import { createBell } from './bell.ts'
import type { EventLog, StreamEvent } from './event-log.ts'

export interface StreamPace {
  /** Least time between two batches of events: at most one state a batch. */
  readonly minIntervalMs: number
  /** A comment is sent after this long without an event, so that both ends know the line is alive. */
  readonly heartbeatMs: number
  /** How long a browser waits before it comes back. */
  readonly retryMs: number
}

export const defaultPace: StreamPace = { minIntervalMs: 250, heartbeatMs: 10_000, retryMs: 1_000 }

/**
 * Server-sent events of one page: first the state (and, for a page that comes back, what it missed), then what happens.
 * It is pulled: a slow page gets fewer states and never a backlog.
 */
export function eventStream(log: EventLog, lastEventId: string | undefined, pace: StreamPace, onClose: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const stop = new AbortController()
  const texts = eventTexts(log, lastEventId, pace, stop.signal)
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await texts.next()
      // After a cancel the line is cut already, and nobody may write to it.
      if (stop.signal.aborted) return
      if (!done) return controller.enqueue(encoder.encode(value))
      controller.close()
      onClose()
    },
    cancel() {
      stop.abort()
      onClose()
    },
  })
}

async function* eventTexts(log: EventLog, lastEventId: string | undefined, pace: StreamPace, signal: AbortSignal): AsyncGenerator<string, undefined> {
  const resumed = lastEventId === undefined ? undefined : log.seqOf(lastEventId)
  // A page that never was here, or that knew another server, starts from now; the state holds the newest fills and alerts anyway.
  let seq = resumed ?? log.seq
  const quiet = createBell()
  yield `retry: ${pace.retryMs}\n\n`
  if (lastEventId !== undefined && resumed === undefined) yield textOf({ seq, type: 'gap', data: JSON.stringify({ reason: 'restarted' }) }, log)
  for (let first = true; !signal.aborted; first = false) {
    const events = first ? withState(log, seq) : log.after(seq)
    for (const event of events) yield textOf(event, log)
    seq = events.at(-1)?.seq ?? seq
    if (log.closed) {
      yield textOf({ seq, type: 'end', data: JSON.stringify({ reason: 'closed' }) }, log)
      return
    }
    if (events.length === 0 && !first) yield ': still here\n\n'
    await quiet.next(pace.minIntervalMs, signal)
    await log.changed(seq, pace.heartbeatMs, signal)
  }
}

/** What a page is owed at the start: everything after its last event, and the newest state even if it has seen that one. */
function withState(log: EventLog, seq: number): readonly StreamEvent[] {
  const events = log.after(seq)
  const state = log.state()
  // Under the id of the page's last event: an older id would make it ask for the same events again.
  return state === undefined || state.seq > seq ? events : [{ ...state, seq }, ...events]
}

const textOf = (event: StreamEvent, log: EventLog): string => `id: ${log.idOf(event.seq)}\nevent: ${event.type}\ndata: ${event.data}\n\n`
