import type { EpochMs } from '../model/time.ts'
import type { Alert } from './engine.ts'

/** What a notifier is told: an alert, with nothing secret in it. */
export interface Notice {
  readonly severity: Alert['severity']
  readonly code: string
  readonly text: string
  readonly botId: string | undefined
  readonly atMs: EpochMs
  /** Notices of the same code and bot that were held back since the last one. */
  readonly heldBack: number
}

/** Tells a person somewhere else. The plugin contract for notifications: they are told after the fact and can hold up nothing. */
export interface Notifier {
  readonly id: string
  /** Resolves when it was handed over. A rejection is reported once and tried no more: the next notice is a new try. */
  notify(notice: Notice): Promise<void>
}
