/**
 * What the process says with its exit code, the same for every command.
 *
 * @example
 * ```ts
 * exitCodes.config // => 4
 * ```
 */
export const exitCodes = { ok: 0, unexpected: 1, usage: 2, refused: 3, config: 4, halted: 5 } as const

/** One of the process exit codes of the command line. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** One line for each exit code: the source of `docs/reference/exit-codes.md` and of the help text. */
export const exitCodeMeanings: readonly { readonly code: ExitCode; readonly name: string; readonly meaning: string; readonly todo: string }[] = [
  { code: 0, name: 'ok', meaning: 'Done. A run stopped by Ctrl-C or SIGTERM that ended cleanly counts as done.', todo: 'Nothing.' },
  {
    code: 1,
    name: 'unexpected',
    meaning: 'A failure nobody foresaw, or a run that did not stop within 3 seconds.',
    todo: 'Read the error on stderr; please report it.',
  },
  {
    code: 2,
    name: 'usage',
    meaning: 'The command line is wrong: unknown command or option, a value out of range, options that exclude each other. Nothing was started.',
    todo: 'Correct the command; `--help` shows what is possible.',
  },
  {
    code: 3,
    name: 'refused',
    meaning:
      'Refused or not possible here and now: the store is locked by another process, belongs to another environment or to a newer version; a market has no data, is not available or ended before its time (the result is printed all the same); a panic was not confirmed in time; `status` found a part that is bad, or nobody answered; `reconcile` found a difference; a check did not pass; a search has no winner, or one that failed out of sample.',
    todo: 'Read the reason on stderr: it names the file, the process or the missing piece.',
  },
  {
    code: 4,
    name: 'config',
    meaning:
      'The configuration is missing, unreadable or wrong. Every problem is listed with path, expected and received. Nothing was started and no file was made.',
    todo: 'Correct the file; `millrace config check <file>` tells when it is right.',
  },
  {
    code: 5,
    name: 'halted',
    meaning:
      'The run ended halted, or `status` or `reconcile` found it so: the emergency stop is in force, or an invariant was violated, or the journal could not be written. Also: the process stood still, as in a plugin that never returns, and the watchdog ended it.',
    todo: 'Find out why before you re-arm: the reason is on stderr and in the journal.',
  },
]
