import type { EngineEvents, Logger } from '../contracts/engine.ts'
import { errorText } from '../model/error-text.ts'

/** Alerts about listeners in one run: beyond them a broken one is only logged. */
const MOST_ALERTS = 100

/** A listener that throws becomes an alert. One for alerts must not: its alert would be its own next call. */
export class ListenerFailures {
  private alerts = 0
  private readonly logger: Logger | undefined
  private readonly alert: (detail: string) => void

  constructor(logger: Logger | undefined, alert: (detail: string) => void) {
    this.logger = logger
    this.alert = alert
  }

  /** @param event - undefined: it is not known what was listened to */
  take(error: unknown, event?: keyof EngineEvents): void {
    const detail = errorText(error)
    if (event === 'alert' || ++this.alerts > MOST_ALERTS) this.logger?.error(`a listener failed: ${detail}`)
    else this.alert(detail)
  }
}
