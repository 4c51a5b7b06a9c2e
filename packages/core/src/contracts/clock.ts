import type { Observable } from 'rxjs'
import type { EpochMs } from '../model/time.ts'

/** The time and its timers, passed in wherever they are needed, so that tests and replays bring their own. */
export interface Clock {
  nowMs(): EpochMs
  /** Emits once at that moment and completes; unsubscribe = cancel. */
  at(atMs: EpochMs): Observable<EpochMs>
}
