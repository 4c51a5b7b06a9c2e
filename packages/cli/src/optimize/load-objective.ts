import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { objectives, ownObjective } from '@millrace/core'
import type { Objective, TrialMetrics } from '@millrace/core'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/**
 * Returns the objective of a name, or the function that a module exports: `./own.ts#calm`, from the working directory. It gets the metrics of a trial and returns a
 * number.
 *
 * @throws CliError exit code 2 when there is none
 */
export async function loadObjective(text: string): Promise<Objective> {
  if (Object.hasOwn(objectives, text)) return objectives[text as keyof typeof objectives]
  const [, file, name] = /^(\.{0,2}\/[^#]+)#([A-Za-z_$][\w$]*)$/.exec(text) ?? []
  if (file === undefined || name === undefined)
    throw new CliError(exitCodes.usage, `--objective: expected ${Object.keys(objectives).join(', ')} or ./file.ts#export, received ${JSON.stringify(text)}`)
  const members = await imported(file)
  const score = members[name]
  if (typeof score !== 'function') throw new CliError(exitCodes.usage, `--objective: ${file} exports no function ${name}`)
  return ownObjective(text, (metrics: TrialMetrics) => (score as (metrics: TrialMetrics) => number | undefined)(metrics))
}

async function imported(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw new CliError(exitCodes.usage, `--objective: cannot load ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
