import type { Clock } from '../../contracts/clock.ts'
import type { Alert, Engine } from '../../contracts/engine.ts'
import type { Notice, Notifier } from '../../contracts/notifier.ts'
import type { Redact } from '../redact.ts'

const severities: readonly Alert['severity'][] = ['info', 'warning', 'critical']

/** Who is told of what, and how often. */
export interface NotifyOptions {
  readonly notifiers: readonly Notifier[]
  readonly redact: Redact
  readonly clock: Clock
  /** The least that is told; default `warning`. */
  readonly from?: Alert['severity']
  /** One notice of the same code and bot within this time; default a minute. Critical ones are not held back. */
  readonly quietMs?: number
  /** All notices within a minute, critical ones aside; default 20. */
  readonly perMinute?: number
  /** A notifier that could not be reached. */
  readonly onError?: (notifier: string, error: unknown) => void
}

const MINUTE_MS = 60_000

/**
 * Tells people about an engine's alerts: from a severity on, no more often than they can read, with nothing secret in it. A notifier that fails holds up
 * neither the others nor the engine.
 *
 * @returns what ends it
 * @example
 * ```ts no-run
 * const notifiers = [consoleNotifier((line) => console.error(line)), webhookNotifier({ url: process.env.MY_WEBHOOK })]
 * const stop = notifyAbout(engine, { notifiers, redact: createRedact(secretsOf(process.env)), clock: systemClock() })
 * ```
 */
export function notifyAbout(engine: Pick<Engine, 'alerts$'>, options: NotifyOptions): () => void {
  const { notifiers, redact, clock, from = 'warning', quietMs = MINUTE_MS, perMinute = 20, onError } = options
  const told = new Map<string, { atMs: number; heldBack: number }>()
  let recent: number[] = []
  const mayTell = (alert: Alert): number | undefined => {
    const nowMs = clock.nowMs()
    const key = `${alert.code} ${alert.botId ?? ''}`
    const last = told.get(key)
    recent = recent.filter((atMs) => nowMs - atMs < MINUTE_MS)
    const held = alert.severity !== 'critical' && ((last !== undefined && nowMs - last.atMs < quietMs) || recent.length >= perMinute)
    if (held) {
      told.set(key, { atMs: last?.atMs ?? Number.NEGATIVE_INFINITY, heldBack: (last?.heldBack ?? 0) + 1 })
      return undefined
    }
    told.set(key, { atMs: nowMs, heldBack: 0 })
    if (alert.severity !== 'critical') recent.push(nowMs)
    return last?.heldBack ?? 0
  }
  const subscription = engine.alerts$.subscribe((alert) => {
    if (severities.indexOf(alert.severity) < severities.indexOf(from)) return
    const heldBack = mayTell(alert)
    if (heldBack === undefined) return
    const { severity, code, botId, atMs, detail } = alert
    const notice: Notice = { severity, code, text: redact(detail), botId, atMs, heldBack }
    for (const notifier of notifiers) handOver(notifier, notice, onError)
  })
  return () => subscription.unsubscribe()
}

function handOver(notifier: Notifier, notice: Notice, onError: NotifyOptions['onError']): void {
  // A notifier is a plugin: what it throws at once is caught like what it rejects with.
  new Promise<void>((resolve) => resolve(notifier.notify(notice))).catch((error: unknown) => onError?.(notifier.id, error))
}
