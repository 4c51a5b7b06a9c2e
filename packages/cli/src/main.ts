import { runCommandLine } from './command-line.ts'
import type { CommandContext } from './command-line.ts'
import { exitCodes } from './exit-codes.ts'
import { createProgram } from './program.ts'
import { processTerminal } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** Runs the `millrace` command line with the words after the command; resolves to the exit code. */
export function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  const context: CommandContext = { terminal, exitCode: exitCodes.ok }
  return runCommandLine(createProgram(context), argv, context)
}
