import type { Observable } from 'rxjs'
import type { EpochMs } from '../model/time.ts'

export interface Clock {
  nowMs(): EpochMs
  /** Emits once at that moment and completes; unsubscribe = cancel. */
  at(atMs: EpochMs): Observable<EpochMs>
}
