import type { Engine } from '@millrace/core'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/**
 * Ends the stop that a run began with: what `--rearm` asks for. The books are compared first, as on the page. A run that cannot be re-armed is ended.
 *
 * @throws CliError exit code 3 when nothing is halted: a service file with the flag in it would otherwise end every stop at its next start, unread
 */
export async function rearmHalted(engine: Pick<Engine, 'state' | 'rearm' | 'stop'>, say: (line: string) => void): Promise<void> {
  const { tradingState, tradingStateReason } = engine.state()
  try {
    if (tradingState !== 'halted') throw new CliError(exitCodes.refused, '--rearm: trading is not halted; leave it out')
    await engine.rearm()
  } catch (error) {
    await engine.stop()
    throw error
  }
  say(`re-armed; it was halted: ${tradingStateReason ?? 'the emergency stop was in force'}`)
}
