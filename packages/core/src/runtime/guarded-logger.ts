import type { Logger } from '../contracts/engine.ts'
import { errorText } from '../model/error-text.ts'

/**
 * The same logger, which throws nothing: a line that cannot be written stops neither a step nor the end of a run.
 *
 * @param tell - told why, until it has passed it on; a logger that throws once mostly goes on so
 */
export function guardedLogger(logger: Logger, tell: (detail: string) => boolean): Logger {
  let told = false
  const guarded =
    (level: keyof Logger): Logger['info'] =>
    (...line) => {
      try {
        logger[level](...line)
      } catch (error) {
        told ||= tell(`the logger: ${errorText(error)}`)
      }
    }
  return { debug: guarded('debug'), info: guarded('info'), warn: guarded('warn'), error: guarded('error') }
}
