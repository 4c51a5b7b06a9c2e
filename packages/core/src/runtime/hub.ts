import { EventEmitter } from 'eventemitter3'
import { Subject } from 'rxjs'
import type { Alert, EngineEvents, EngineState, FillRecord, OrderRecord, PositionRecord } from '../contracts/engine.ts'
import type { Decision } from '../model/decision.ts'

type Payload = { readonly [E in keyof EngineEvents]: Parameters<EngineEvents[E]>[0] }

/** The outputs of an engine, as Observables and as typed events over the same values. */
export class Hub {
  readonly subjects: { readonly [E in keyof EngineEvents]: Subject<Payload[E]> } = {
    decision: new Subject<Decision>(),
    order: new Subject<OrderRecord>(),
    fill: new Subject<FillRecord>(),
    position: new Subject<PositionRecord>(),
    alert: new Subject<Alert>(),
    state: new Subject<EngineState>(),
  }
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
    return () => this.emitter.off(event, guarded as never)
  }

  emit<E extends keyof EngineEvents>(event: E, payload: Payload[E]): void {
    const subject = this.subjects[event]
    if (subject.observed) subject.next(payload)
    if (this.emitter.listenerCount(event) > 0) (this.emitter.emit as (event: E, payload: Payload[E]) => boolean).call(this.emitter, event, payload)
  }

  isObserved(event: keyof EngineEvents): boolean {
    return this.subjects[event].observed || this.emitter.listenerCount(event) > 0
  }

  complete(): void {
    for (const subject of Object.values(this.subjects)) subject.complete()
  }
}
