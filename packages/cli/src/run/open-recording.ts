import type { Json, RecordingSink } from '@millrace/core'
import { recordingFile } from '@millrace/core/node'
import { readConfigData } from '../config/read-config.ts'
import type { ReadConfig } from '../config/read-config.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { aboutOf } from '../replay/recorded-config.ts'
import type { RunSettings } from './settings.ts'

/** A recording is a new file: adding to an old one would make it the recording of nothing. */
export function openRecording(path: string, { config, timeframeMs, exchange }: RunSettings, { modules }: ReadConfig): RecordingSink {
  try {
    return recordingFile(path, aboutOf(readConfigData(config, timeframeMs === undefined ? {} : { timeframeMs }) as Json, modules, exchange === 'simulator'))
  } catch (cause) {
    throw new CliError(exitCodes.refused, `--record: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
