import { builtIns, coinbaseProducts, presets, simulatedCoins } from '@millrace/core'
import type { PluginEntry, PluginRegistry, Preset } from '@millrace/core'
import { catalog } from '@millrace/indicators'
import type { ParamSpec } from '@millrace/indicators'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { readConfig } from '../config/read-config.ts'
import { pairs } from '../text/table.ts'
import { abouts } from './abouts.ts'
import { parametersOf } from './parameters.ts'
import type { Parameter } from './parameters.ts'

/** One thing that can be named. */
interface Listed {
  readonly name: string
  /** What else is to be known of it. */
  readonly about: string
  readonly parameters: readonly Parameter[]
}

interface List {
  readonly what: string
  readonly summary: string
  /** With the plugins of a configuration's modules among them. */
  readonly items: (plugins: PluginRegistry) => readonly Listed[]
}

const pluginsOf = (what: string, entries: Readonly<Record<string, PluginEntry<unknown>>>): readonly Listed[] =>
  // Of a plugin of one's own only its author knows.
  Object.entries(entries).map(([name, { params }]) => ({ name, about: abouts[what]?.[name] ?? '', parameters: parametersOf(params) }))

const ofKind = (what: string, kind: keyof PluginRegistry, summary: string): List => ({ what, summary, items: (plugins) => pluginsOf(what, plugins[kind]) })

/** A preset by all that it sets. */
function presetText({ actionThreshold, params: { rsi, movingAverage, macd } }: Preset): string {
  const parts = [
    `${rsi.weight} RSI ${rsi.oversold}/${rsi.overbought}`,
    `${movingAverage.weight} averages ${movingAverage.fast}/${movingAverage.slow}`,
    `${macd.weight} MACD`,
  ]
  return `weighted-signals from ${actionThreshold}: ${parts.join(', ')}`
}

const indicators: List = {
  what: 'indicators',
  summary: 'indicators, for strategies in code',
  items: () =>
    Object.entries(catalog).map(
      ([
        name,
        {
          about: { title, params, outputs },
        },
      ]) => ({
        name,
        about: outputs.length > 1 ? `${title}: ${outputs.join(', ')}` : title,
        parameters: Object.entries(params).map(([key, spec]) => ({ name: key, what: specText(spec), default: spec.default })),
      }),
    ),
}

const specText = (spec: ParamSpec): string =>
  spec.kind === 'choice'
    ? spec.choices.map((value) => JSON.stringify(value)).join(' | ')
    : `${spec.kind === 'integer' ? 'a whole number' : 'a number'} from ${spec.min} to ${spec.max}`

const markets: List = {
  what: 'markets',
  summary: 'pairs whose rules are known, and where they have prices',
  items: () =>
    coinbaseProducts.map(({ base }) => ({
      name: `${base}-USD`,
      about: simulatedCoins.some((coin) => coin.base === base) ? 'coinbase, simulated' : 'coinbase',
      parameters: [],
    })),
}

const lists: readonly List[] = [
  ofKind('strategies', 'strategies', 'strategies'),
  indicators,
  ofKind('exits', 'exits', 'exit rules'),
  ofKind('sizers', 'sizing', 'sizers'),
  ofKind('tranche-plans', 'tranchePlans', 'tranche plans'),
  ofKind('safety', 'safety', 'safety rules'),
  ofKind('execution', 'execution', 'execution styles'),
  {
    what: 'presets',
    summary: 'presets: a strategy and a threshold by one word',
    items: () => Object.entries(presets).map(([name, preset]) => ({ name, about: presetText(preset), parameters: [] })),
  },
  markets,
]

interface ListFlags {
  readonly config?: string
  readonly json?: true
}

/** Makes `millrace list` with one subcommand for each kind of thing. */
export function listCommand({ terminal }: CommandContext): Command {
  const command = new Command('list')
    .summary('what a configuration can name')
    .description('Lists what there is, with its parameters: what a configuration can name.')
  for (const { what, summary, items } of lists)
    command.addCommand(
      new Command(what)
        .summary(summary)
        .description(`Lists ${summary}, with parameters, bounds and defaults.`)
        .addOption(new Option('--config <file>', 'and those of the modules that a configuration names'))
        .addOption(new Option('--json', 'the result as one JSON object on stdout: { kind, items: [{ name, about, parameters }] }'))
        .action(async ({ config, json }: ListFlags) => {
          const plugins = config === undefined ? builtIns : (await readConfig(config)).plugins
          const found = items(plugins)
          terminal.out.write(json ? `${JSON.stringify({ kind: what, items: found })}\n` : `${listText(found)}\n`)
        }),
    )
  return command
}

/** A line for each thing, and under it a line for each of its parameters: what it may be, and what it is when left out. */
function listText(items: readonly Listed[]): string {
  if (items.every(({ parameters }) => parameters.length === 0)) return pairs(items.map(({ name, about }) => [name, about]))
  const all = items.flatMap(({ parameters }) => parameters)
  const width = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length))
  const [names, whats] = [width(all.map(({ name }) => name)), width(all.map(({ what }) => what))]
  const line = (parameter: Parameter): string => `    ${parameter.name.padEnd(names)}  ${parameter.what.padEnd(whats)}  ${defaultText(parameter)}`.trimEnd()
  return items.map(({ name, about, parameters }) => [about === '' ? name : `${name}: ${about}`, ...parameters.map(line)].join('\n')).join('\n')
}

const defaultText = ({ default: value }: Parameter): string =>
  value === undefined ? '(needed)' : value === 'none' ? '(may be left out)' : JSON.stringify(value)
