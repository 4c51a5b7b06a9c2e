import { ConfigError, checkFeasibility, coinbaseInstrument } from '@millrace/core'
import type { BotConfig, ConfigProblem, FeasibilityReport, Instrument, ParsedConfig } from '@millrace/core'
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
  if (report.problems.length === 0) return { ...report, warnings: [...unknownPairs(config.bots, products), ...report.warnings] }
  const cause = new ConfigError(report.problems)
  throw new CliError(exitCodes.config, `${path}: ${cause.message}`, { cause })
}

/** Bots whose pair has no rules here were not looked at: without a word that reads like a check that was passed. */
const unknownPairs = (bots: readonly Pick<BotConfig, 'instrument'>[], products: readonly Instrument[]): readonly ConfigProblem[] =>
  bots.flatMap(({ instrument }, index) =>
    products.some(({ id }) => id === instrument)
      ? []
      : [
          {
            path: `bots[${index}].instrument`,
            expected: 'a pair whose rules are known here, to check sizes and costs against (millrace list markets)',
            received: instrument,
          },
        ],
  )
