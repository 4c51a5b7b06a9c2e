import { readFileSync } from 'node:fs'
import { ConfigError, parseConfig } from '@millrace/core'
import type { ParsedConfig } from '@millrace/core'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/**
 * Reads a configuration file, with a timeframe for all bots in place of their own when one is given.
 *
 * @throws CliError exit code 4, its cause a ConfigError with every problem found: a file that cannot be read and one that is no JSON count as problems too
 */
export function readConfig(path: string, override: { readonly timeframeMs?: number } = {}): ParsedConfig {
  try {
    return parseConfig(readConfigData(path, override))
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(exitCodes.config, `${path}: ${error.message}`, { cause: error })
    throw error
  }
}

/** The data of a configuration file as they are parsed. */
export const readConfigData = (path: string, override: { readonly timeframeMs?: number } = {}): unknown => withTimeframe(readJson(path), override.timeframeMs)

function readJson(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError([{ path: '(file)', expected: 'a file that can be read', received: reasonOf(error) }])
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConfigError([{ path: '(file)', expected: 'JSON', received: reasonOf(error) }])
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Written into the data before it is parsed, so that the configuration in force, its journal entry and its hash all say what was run. */
function withTimeframe(data: unknown, timeframeMs: number | undefined): unknown {
  if (timeframeMs === undefined || !isRecord(data) || !Array.isArray(data['bots'])) return data
  return { ...data, bots: data['bots'].map((bot: unknown) => (isRecord(bot) ? { ...bot, timeframe: timeframeMs } : bot)) }
}
