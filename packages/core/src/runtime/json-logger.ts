import type { Clock } from '../contracts/clock.ts'
import type { Logger } from '../contracts/engine.ts'
import type { Json } from '../model/json.ts'
import type { Redact } from './redact.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const
type Level = (typeof levels)[number]

/** Where lines go, what they may say and from which level on. */
export interface JsonLoggerOptions {
  /** Takes one line with its end. */
  readonly write: (line: string) => void
  /** Every line goes through it, as a whole and last. */
  readonly redact: Redact
  readonly clock: Clock
  /** Default `info`. */
  readonly level?: Level
}

/**
 * Makes a logger that writes one JSON object a line: `time` in UTC, `level`, `message`, and what fields there are. What is secret is taken out of the finished
 * line by its value, so that it does not matter where it stood: in a field, deep in an object, or in the text of an error.
 *
 * @example
 * ```ts
 * const lines: string[] = []
 * const logger = jsonLogger({ write: (line) => lines.push(line), redact: createRedact(['correct-horse']), clock: systemClock() })
 * logger.warn('refused', { key: 'correct-horse' })
 * lines.join('').endsWith('"level":"warn","message":"refused","key":"[redacted]"}\n') // => true
 * ```
 */
export function jsonLogger({ write, redact, clock, level = 'info' }: JsonLoggerOptions): Logger {
  const from = levels.indexOf(level)
  const log =
    (own: Level) =>
    (message: string, fields?: Json): void => {
      if (levels.indexOf(own) < from) return
      const more = typeof fields === 'object' && fields !== null && !Array.isArray(fields) ? (fields as object) : fields === undefined ? {} : { fields }
      write(`${redact(JSON.stringify({ time: new Date(clock.nowMs()).toISOString(), level: own, message, ...more }))}\n`)
    }
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }
}
