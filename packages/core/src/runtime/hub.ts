import { EventEmitter } from 'eventemitter3'
import { Subject } from 'rxjs'
import type { Alert, EngineEvents, EngineState, FillRecord, OrderRecord, PositionRecord } from '../contracts/engine.ts'
import type { Decision } from '../model/decision.ts'

type Payload = { readonly [E in keyof EngineEvents]: Parameters<EngineEvents[E]>[0] }

/** One output: its Observable and how many listeners it has beside it. Fields of one class, because the engine asks at every event whether anybody is there. */
class Channel<T> {
  readonly subject = new Subject<T>()
  listeners = 0

  get isObserved(): boolean {
    return this.listeners > 0 || this.subject.observed
  }
}

/** The outputs of an engine, as Observables and as typed events over the same values. */
export class Hub {
  readonly decision = new Channel<Decision>()
  readonly order = new Channel<OrderRecord>()
  readonly fill = new Channel<FillRecord>()
  readonly position = new Channel<PositionRecord>()
  readonly alert = new Channel<Alert>()
  readonly state = new Channel<EngineState>()
  private readonly emitter = new EventEmitter<EngineEvents>()
  private readonly onThrow: (error: unknown, event: keyof EngineEvents) => void

  /** @param onThrow - told when a listener throws: it becomes an alert and stops nothing */
  constructor(onThrow: (error: unknown, event: keyof EngineEvents) => void) {
    this.onThrow = onThrow
  }

  on<E extends keyof EngineEvents>(event: E, listener: EngineEvents[E]): () => void {
    // A guard of its own for each listener: one that throws keeps the next from nothing.
    const guarded = ((payload: Payload[E]) => {
      try {
        ;(listener as (payload: Payload[E]) => void)(payload)
      } catch (error) {
        this.onThrow(error, event)
      }
    }) as EngineEvents[E]
    this.emitter.on(event, guarded as never)
    this[event].listeners = this.emitter.listenerCount(event)
    return () => {
      this.emitter.off(event, guarded as never)
      this[event].listeners = this.emitter.listenerCount(event)
    }
  }

  emit<E extends keyof EngineEvents>(event: E, payload: Payload[E]): void {
    const channel = this[event] as unknown as Channel<Payload[E]>
    if (channel.subject.observed) channel.subject.next(payload)
    if (channel.listeners > 0) (this.emitter.emit as (event: E, payload: Payload[E]) => boolean).call(this.emitter, event, payload)
  }

  complete(): void {
    for (const channel of [this.decision, this.order, this.fill, this.position, this.alert, this.state]) channel.subject.complete()
  }
}
