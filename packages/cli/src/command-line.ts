import { styleText } from 'node:util'
import { suggestion } from '@millrace/core'
import { CommanderError } from 'commander'
import type { Command } from 'commander'
import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import { describeFailure } from './failures.ts'
import { hasColour } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** What a command's action needs from the one that runs it. */
export interface CommandContext {
  readonly terminal: Terminal
  /** Set by the action that ran. */
  exitCode: ExitCode
}

/** Runs a command with the words a user typed: usage, refusals and failures all end in an exit code, never in a throw. */
export async function runCommandLine(command: Command, argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  connect(command, context.terminal, argv)
  try {
    await command.parseAsync(argv, { from: 'user' })
    return context.exitCode
  } catch (error) {
    // Help and version end with 0; all else that commander refuses is a wrong command line, and it has said so already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    const { exitCode, text } = describeFailure(error)
    context.terminal.err.write(`${errorWord(context.terminal)} ${text}\n`)
    return exitCode
  }
}

/** The word in front of every refusal, red where a person looks. */
export const errorWord = (terminal: Terminal): string => (hasColour(terminal.err) ? styleText('red', 'error:', { validateStream: false }) : 'error:')

function connect(command: Command, terminal: Terminal, argv: readonly string[]): void {
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .showHelpAfterError('(add --help for what is possible)')
    .configureHelp({ styleTitle: (title) => styleText('bold', title, { validateStream: false }) })
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: (text, write) => write(text.startsWith('error: required option') ? `${text.trimEnd()}${misspelt(command, argv)}\n` : text),
      getOutHasColors: () => hasColour(terminal.out),
      getErrHasColors: () => hasColour(terminal.err),
      getOutHelpWidth: () => (terminal.out.isTty ? terminal.out.columns : 100),
      getErrHelpWidth: () => (terminal.err.isTty ? terminal.err.columns : 100),
    })
  for (const child of command.commands) connect(child, terminal, argv)
}

/** An option that is missing has often been mistyped, and commander looks for missing ones first. */
function misspelt(command: Command, argv: readonly string[]): string {
  const known = command.options.flatMap(({ long }) => long ?? [])
  const unknown = argv.map((word) => word.split('=')[0]!).filter((word) => word.startsWith('--') && word.length > 2 && !known.includes(word))
  return unknown.map((word) => `; unknown option '${word}'${suggestion(word, known)}`).join('')
}
