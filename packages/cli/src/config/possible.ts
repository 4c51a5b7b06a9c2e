import { ConfigError, checkFeasibility, coinbaseInstrument } from '@millrace/core'
import type { BotConfig, FeasibilityReport, Instrument, ParsedConfig } from '@millrace/core'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/** The rules of the pairs that are known without asking a venue. */
export const listedProducts = (bots: readonly Pick<BotConfig, 'instrument'>[]): readonly Instrument[] =>
  [...new Set(bots.map((bot) => bot.instrument))].flatMap((id) => coinbaseInstrument(id) ?? [])

/**
 * Says what is unwise in a configuration that can be, with its numbers.
 *
 * @throws CliError exit code 4, its cause a ConfigError with everything that cannot be
 */
export function possible(path: string, config: ParsedConfig, products: readonly Instrument[]): FeasibilityReport {
  const report = checkFeasibility(config, products, config.account.fees, { environment: config.environment })
  if (report.problems.length === 0) return report
  const cause = new ConfigError(report.problems)
  throw new CliError(exitCodes.config, `${path}: ${cause.message}`, { cause })
}
