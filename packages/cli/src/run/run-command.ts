import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { duration, durationOrOff, nameOrModule, speed, utcTime, venueUrl, wholeNumber } from '../parse-values.ts'
import { contradiction, exchangeNames, gapPolicies, liveStoreFile, marketNames, paperStoreFile, runDefaults } from './settings.ts'
import type { RunSettings } from './settings.ts'

/** The options as commander collects them; the names follow from the flags. */
interface RunFlags {
  readonly config?: string
  readonly market: RunSettings['market']
  readonly exchange: RunSettings['exchange']
  readonly paper?: true
  readonly live?: true
  readonly keyFile?: string
  readonly venueUrl?: string
  readonly data?: string
  readonly seed: number
  readonly speed: number | 'max'
  readonly until?: number
  readonly from?: number
  readonly to?: number
  readonly timeframe?: number
  readonly gapPolicy: RunSettings['gapPolicy']
  readonly db?: string
  readonly record?: string
  readonly shadow?: true
  readonly rearm?: true
  readonly watchdog?: number
  readonly port: number
  readonly web: boolean
  readonly json?: boolean | string
}

const flagOf: Readonly<Partial<Record<keyof RunSettings, keyof RunFlags>>> = {
  untilMs: 'until',
  fromMs: 'from',
  toMs: 'to',
  timeframeMs: 'timeframe',
  watchdogMs: 'watchdog',
}

/** The options that runs, backtests and searches share. */
export const sharedOptions = {
  candles: () => new Option('--data <dir>', 'folder of recorded candles, one CSV or CSV.gz file per pair, or a file of stored candles').makeOptionMandatory(),
  detail: () => new Option('--detail <duration>', 'shorter candles that orders fill on and exits look at, as in 1m').argParser(duration),
  from: () => new Option('--from <time>', 'start of the replay, UTC, as in 2025-09-17T06:00Z').argParser(utcTime),
  to: () => new Option('--to <time>', 'end of the replay, exclusive').argParser(utcTime),
  timeframe: () => new Option('--timeframe <duration>', 'candle length for every bot, instead of its own, as in 15m').argParser(duration),
  gapPolicy: () => new Option('--gap-policy <name>', 'what missing candles of the replay do').choices(gapPolicies),
  watchdog: () =>
    new Option('--watchdog <duration>', 'end the process (exit code 5) when it stands still for so long, as in a plugin that never returns; or off')
      .argParser(durationOrOff)
      .default(runDefaults.watchdogMs, '30s'),
  seed: () => new Option('--seed <n>', 'seed of the run: the same seed gives the same run').argParser(wholeNumber(0, 2 ** 32 - 1)),
  json: () => new Option('--json [file]', 'the result as one JSON object: the last line of stdout, or into the file'),
}

/** Makes the command that runs bots: `millrace run` and, with the bundled page, what stands behind `npm start`. */
export function runCommand(name: string, base: Partial<RunSettings>, context: CommandContext, run: (settings: RunSettings) => Promise<ExitCode>): Command {
  const defaults = { ...runDefaults, ...base }
  const command = new Command(name)
    .summary('run bots on paper, live, or through recorded or simulated candles')
    .description(
      'Runs the bots of a configuration: on paper at the pace of the clock, as a backtest as fast as the machine can (--speed max), or with real orders (--exchange coinbase --live).',
    )
    .argument('[config]', 'configuration of the bots (JSON); the same as --config')
    .addOption(new Option('--config <file>', 'configuration of the bots (JSON)'))
    .addOption(
      new Option(
        '--market <name>',
        `where prices come from: ${marketNames.join(', ')} or a module (./own.ts#name); auto = Coinbase's public data if it can be reached, else simulated`,
      )
        .argParser(nameOrModule(marketNames))
        .default(defaults.market),
    )
    .addOption(
      new Option(
        '--exchange <name>',
        "where orders go: paper, simulator (Coinbase's protocol on this machine, a rehearsal), coinbase, or a module (./own.ts#name)",
      )
        .argParser(nameOrModule(exchangeNames))
        .default(defaults.exchange),
    )
    .addOption(new Option('--paper', 'orders are filled by a simulation: --exchange paper, which is what runs when nothing is said').conflicts('live'))
    .addOption(new Option('--live', 'I mean real orders with real money (coinbase or a module; the configuration must say environment live as well)'))
    .addOption(new Option('--key-file <file>', 'the key as the CDP portal writes it, mode 600, outside of any git work tree (coinbase exchange)'))
    .addOption(new Option('--venue-url <url>', "a venue that speaks Coinbase's protocol, instead of Coinbase (coinbase market)").argParser(venueUrl))
    .addOption(new Option('--data <dir>', 'folder of recorded candles, one CSV or CSV.gz file per pair (replay market)'))
    .addOption(sharedOptions.seed().default(defaults.seed))
    .addOption(new Option('--speed <1|60|max>', 'event time per clock time; max makes the run a backtest').argParser(speed).default(defaults.speed))
    .addOption(new Option('--until <duration>', 'stop after this much event time, with a summary, as in 24h').argParser(duration))
    .addOption(sharedOptions.from())
    .addOption(sharedOptions.to())
    .addOption(sharedOptions.timeframe())
    .addOption(sharedOptions.gapPolicy().default(defaults.gapPolicy))
    .addOption(
      new Option(
        '--db <file>',
        `journal of the run; :memory: keeps nothing (default: ${defaults.db ?? paperStoreFile} on paper, ${liveStoreFile} live, :memory: in a backtest or rehearsal)`,
      ),
    )
    .addOption(new Option('--record <file>', 'record everything that reaches the run into a new file, for millrace replay'))
    .addOption(new Option('--shadow', 'fill the same orders in a simulation beside the exchange as well, and say at the end how kind that was'))
    .addOption(new Option('--rearm', 'end the emergency stop that the database is halted by, once you know why it came; refused when nothing is halted'))
    .addOption(sharedOptions.watchdog())
    .addOption(
      new Option('--port <n>', 'port of the page on 127.0.0.1; 0 = any free one')
        .argParser(wholeNumber(0, 65_535))
        .default(defaults.port)
        .hideHelp(base.web === false),
    )
    .addOption(new Option('--no-web', 'no page').hideHelp(base.web === false))
    .addOption(sharedOptions.json())
  if (base.config !== undefined) command.setOptionValueWithSource('config', base.config, 'default')
  if (base.web === false) command.setOptionValueWithSource('web', false, 'default')
  command.action(async (file: string | undefined) => {
    context.exitCode = await run(settingsOf(command, defaults, file))
  })
  return command
}

function settingsOf(command: Command, defaults: Omit<RunSettings, 'config'>, file: string | undefined): RunSettings {
  const flags = command.opts<RunFlags>()
  if (file !== undefined && command.getOptionValueSource('config') === 'cli' && flags.config !== file)
    throw new CliError(exitCodes.usage, `one configuration is expected, received ${file} and --config ${flags.config}`)
  const config = file ?? flags.config
  if (config === undefined) throw new CliError(exitCodes.usage, 'a configuration is needed: the bots to run, as in millrace run bots.json')
  const settings: RunSettings = {
    config,
    market: flags.market,
    exchange: exchangeOf(flags, command.getOptionValueSource('exchange') === 'cli'),
    live: flags.live ?? defaults.live,
    keyFile: flags.keyFile ?? defaults.keyFile,
    venueUrl: flags.venueUrl ?? defaults.venueUrl,
    data: flags.data ?? defaults.data,
    seed: flags.seed,
    speed: flags.speed,
    untilMs: flags.until ?? defaults.untilMs,
    fromMs: flags.from ?? defaults.fromMs,
    toMs: flags.to ?? defaults.toMs,
    timeframeMs: flags.timeframe ?? defaults.timeframeMs,
    gapPolicy: flags.gapPolicy,
    db: flags.db ?? defaults.db,
    record: flags.record ?? defaults.record,
    shadow: flags.shadow ?? defaults.shadow,
    rearm: flags.rearm ?? defaults.rearm,
    watchdogMs: flags.watchdog,
    port: flags.port,
    web: flags.web,
    json: flags.json ?? defaults.json,
  }
  const wrong = contradiction(settings, (flag) => command.getOptionValueSource(flagOf[flag] ?? flag) === 'cli')
  if (wrong !== undefined) throw new CliError(exitCodes.usage, wrong)
  return settings
}

/** `--paper` wins over an application's default, and is refused beside another exchange. */
function exchangeOf({ paper, exchange }: RunFlags, given: boolean): RunSettings['exchange'] {
  if (paper === true && given && exchange !== 'paper') throw new CliError(exitCodes.usage, `--paper and --exchange ${exchange} exclude each other`)
  return paper === true ? 'paper' : exchange
}
