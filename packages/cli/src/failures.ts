import { ConfigError, EngineError } from '@millrace/core'
import type { EngineErrorCode } from '@millrace/core'
import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'

/** A refusal that a command foresaw: what to print and how to exit. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: ExitCode
  constructor(exitCode: ExitCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** The engine's own failures after which nothing may trade until a person has looked. */
const haltingCodes: ReadonlySet<EngineErrorCode> = new Set(['INVARIANT_VIOLATED', 'JOURNAL_FAILED'])

/** Says how a failure ends the process and what a person reads about it. Only an unforeseen one shows its stack. */
export function describeFailure(error: unknown): { readonly exitCode: ExitCode; readonly text: string } {
  if (error instanceof CliError) return { exitCode: error.exitCode, text: error.message }
  if (error instanceof ConfigError) return { exitCode: exitCodes.config, text: error.message }
  if (error instanceof EngineError)
    return { exitCode: haltingCodes.has(error.code) ? exitCodes.halted : exitCodes.refused, text: `${error.message} (${error.code})` }
  return {
    exitCode: exitCodes.unexpected,
    text: error instanceof Error ? (error.stack ?? error.message) : `a value was thrown that is no error: ${String(error)}`,
  }
}
