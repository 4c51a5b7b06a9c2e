import { dirname, basename } from 'node:path'
import { ConfigError, parseConfig, presets } from '@millrace/core'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { writeNewFiles } from '../new/write-files.ts'

interface InitFlags {
  readonly pairs: string
  readonly cash: string
  readonly preset: string
  readonly json?: true
}

/** Makes `millrace config init`. */
export function configInitCommand({ terminal }: CommandContext): Command {
  return new Command('init')
    .summary('write a configuration to begin with')
    .description(
      'Writes a configuration with one bot for each pair: a preset, exits, and limits that are on the safe side. Nothing that is there is written over.',
    )
    .argument('[file]', 'where to', 'bots.json')
    .addOption(new Option('--pairs <ids>', 'pairs, with commas between').default('BTC-USD,ETH-USD'))
    .addOption(new Option('--cash <amount>', 'starting cash on paper and in backtests').default('1000'))
    .addOption(new Option('--preset <name>', 'strategy and threshold of all bots').choices(Object.keys(presets)).default('balanced'))
    .addOption(new Option('--json', 'the result as one JSON object on stdout: { file, config }'))
    .action((file: string, flags: InitFlags) => {
      const config = firstConfig(flags)
      mustBeRight(config)
      writeNewFiles(dirname(file), [{ path: basename(file), text: `${JSON.stringify(config, null, 2)}\n` }])
      terminal.out.write(flags.json ? `${JSON.stringify({ file, config })}\n` : `written: ${file}; look at it with millrace config check ${file}\n`)
    })
}

function firstConfig({ pairs, cash, preset }: InitFlags): object {
  const instruments = pairs.split(',').map((pair) => pair.trim().toUpperCase())
  const quote = instruments[0]!.split('-')[1] ?? 'USD'
  return {
    environment: 'paper',
    account: {
      cash: { [quote]: cash },
      fees: { maker: '0.005', taker: '0.009' },
      safety: [{ use: 'daily-loss', params: { limit: Number(cash) / 10 } }, { use: 'max-exposure', params: { limit: Number(cash) / 2 } }, 'balance'],
    },
    defaults: {
      preset,
      timeframe: '5m',
      confirm: '5m',
      sizing: { use: 'fixed', params: { quote: Number(cash) / 20 } },
      exits: [
        { use: 'stop-loss', params: { fraction: 0.05 } },
        { use: 'take-profit', params: { fraction: 0.05 } },
      ],
      safety: [
        { use: 'stale-data', params: { maxAge: '11m' } },
        { use: 'cooldown', params: { duration: '1h' } },
      ],
    },
    bots: instruments.map((instrument) => ({ id: instrument.split('-')[0]!.toLowerCase(), instrument })),
  }
}

function mustBeRight(config: object): void {
  try {
    parseConfig(config)
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(exitCodes.usage, `--pairs or --cash: ${error.message}`, { cause: error })
    throw error
  }
}
