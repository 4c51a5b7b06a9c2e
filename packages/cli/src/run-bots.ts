import { runCommandLine } from './command-line.ts'
import type { CommandContext } from './command-line.ts'
import { exitCodes } from './exit-codes.ts'
import { executeRun } from './run/execute-run.ts'
import type { RunHooks } from './run/execute-run.ts'
import { runCommand } from './run/run-command.ts'
import type { RunSettings } from './run/settings.ts'
import { processTerminal } from './terminal.ts'

/**
 * Runs bots with the flags of `millrace run`: the runner behind `npm start` and any application of your own.
 *
 * @param argv - the words after the command
 * @param hooks - what the application adds: its page
 * @param defaults - what a flag that is not given means, as in `{ config: 'bots.json' }`
 * @returns the exit code; nothing is thrown
 * @example
 * ```ts
 * await runBots(['--config', 'no-such-file.json']) // => 4
 * ```
 */
export function runBots(argv: readonly string[], hooks: RunHooks = {}, defaults: Partial<RunSettings> = {}): Promise<number> {
  const context: CommandContext = { terminal: processTerminal(), exitCode: exitCodes.ok }
  const command = runCommand(hooks.commandName ?? 'millrace run', defaults, context, (settings) => executeRun(settings, context.terminal, hooks))
  return runCommandLine(command, argv, context)
}
