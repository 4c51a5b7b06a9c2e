import { Command, Option } from 'commander'
import { ConfigError } from '@millrace/core'
import type { Json } from '@millrace/core'
import { errorWord } from '../command-line.ts'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { pairs } from '../text/table.ts'
import { configInitCommand } from './config-init.ts'
import { feasibilityText, warningLines } from './feasibility-text.ts'
import { listedProducts, possible } from './possible.ts'
import { readConfig } from './read-config.ts'

interface ConfigFlags {
  readonly json?: true
}

/** Makes `millrace config check` and `millrace config show`. */
export function configCommand(context: CommandContext): Command {
  const { terminal } = context
  const check = new Command('check')
    .summary('say whether a configuration is right')
    .description(
      'Reads a configuration and lists every problem with path, expected and received: what is wrong in it, and what cannot be with the rules of the venue, its fees ' +
        'and its own limits. Says what is unwise, and the numbers. Starts nothing.',
    )
    .argument('<file>', 'configuration of the bots (JSON)')
    .addOption(new Option('--json', 'the result as one JSON object on stdout: { file, ok, bots, problems, warnings, numbers }'))
    .action(async (file: string, flags: ConfigFlags) => {
      try {
        const config = await readConfig(file)
        const { warnings, numbers } = possible(file, config, listedProducts(config.bots))
        const { length } = config.bots
        if (flags.json) terminal.out.write(line({ file, ok: true, bots: length, problems: [], warnings: asData(warnings), numbers: asData(numbers) }))
        else
          terminal.out.write(
            `${[`${file}: ${length} ${length === 1 ? 'bot' : 'bots'}, no problems`, ...warningLines(warnings)].join('\n')}\n\n${feasibilityText(numbers)}\n`,
          )
      } catch (error) {
        if (!(error instanceof CliError && error.cause instanceof ConfigError)) throw error
        terminal.err.write(`${errorWord(terminal)} ${error.message}\n`)
        if (flags.json) terminal.out.write(line({ file, ok: false, bots: 0, problems: error.cause.problems.map((problem) => ({ ...problem })) }))
        context.exitCode = exitCodes.config
      }
    })
  const show = new Command('show')
    .summary('show every number in force')
    .description('Shows the whole configuration in force: what the file says, what presets stand for, and every default.')
    .argument('<file>', 'configuration of the bots (JSON)')
    .addOption(new Option('--json', 'the result as one JSON object on stdout: { file, configHash, limitsHash, modules, config }'))
    .action(async (file: string, flags: ConfigFlags) => {
      const { json, configHash, limitsHash, modules } = await readConfig(file)
      const hashes: [string, string][] = [
        ['config hash', configHash],
        ['limits hash', limitsHash],
        ...modules.map(({ specifier, sha256 }): [string, string] => [`module ${specifier}`, sha256]),
      ]
      terminal.out.write(
        flags.json ? line({ file, configHash, limitsHash, modules: asData(modules), config: json }) : `${pairs([...flatten(json), ...hashes])}\n`,
      )
    })
  return new Command('config')
    .summary('make, check or show a configuration')
    .description('Makes, checks or shows a configuration.')
    .addCommand(configInitCommand(context))
    .addCommand(check)
    .addCommand(show)
}

/** Infinities and NaN, which JSON has no word for, become null. */
const asData = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json

const line = (data: Json): string => `${JSON.stringify(data)}\n`

/** One line for each value: its path and itself. */
export function flatten(data: Json, path = ''): [path: string, value: string][] {
  if (typeof data !== 'object' || data === null) return [[path, String(data)]]
  const entries = Object.entries(data as Readonly<Record<string, Json>>)
  if (entries.length === 0) return [[path, '(none)']]
  return entries.flatMap(([key, value]) => flatten(value, Array.isArray(data) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`))
}
