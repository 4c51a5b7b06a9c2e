import { basename, join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { simulateFiles } from '../data/simulate-files.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { pluginName } from '../new/plugin-name.ts'
import { writeNewFiles } from '../new/write-files.ts'
import { sayLine } from '../terminal.ts'
import { version } from '../version.ts'
import { install, packageManager } from './install.ts'
import type { Install } from './install.ts'
import { projectCandles, projectFiles } from './project-files.ts'

interface InitFlags {
  readonly strategy: string
  readonly install: boolean
  readonly json?: true
}

/** What a new project is made with; tests put others in. */
export interface InitParts {
  readonly install: Install
  readonly makeCandles: typeof simulateFiles
}

const realParts: InitParts = { install, makeCandles: simulateFiles }

/** Makes `millrace init`. */
export function initCommand({ terminal }: CommandContext, parts: InitParts = realParts): Command {
  return new Command('init')
    .summary('a project of your own: a strategy, its test, a configuration and candles')
    .description(
      'Makes a TypeScript project: a strategy of less than thirty lines, a test with its conformance kit and the lookahead check, a configuration, thirty days of made-up ' +
        'candles, and scripts. Installs its packages. Nothing that is there is written over.',
    )
    .argument('[dir]', 'folder of the project, made when it does not exist', '.')
    .addOption(new Option('--strategy <name>', 'id of the strategy').default('dip-buyer'))
    .addOption(new Option('--no-install', 'only write the files'))
    .addOption(new Option('--json', 'the result as one JSON object on stdout: { dir, files, installed }'))
    .action(async (dir: string, flags: InitFlags) => {
      const folder = resolve(dir)
      const strategy = pluginName(flags.strategy)
      const files = projectFiles({ name: packageName(folder), strategy, version })
      writeNewFiles(folder, files)
      await parts.makeCandles(join(folder, projectCandles.folder), projectCandles)
      const manager = packageManager(process.env)
      if (flags.install) {
        sayLine(terminal.err, `${manager} install …`)
        const wrong = parts.install(folder, manager)
        if (wrong !== undefined)
          throw new CliError(exitCodes.refused, `${manager} install failed (${wrong}); the files are written: run it in ${folder} when that is mended`)
      }
      const paths = [...files.map(({ path }) => path), projectCandles.folder]
      if (flags.json) terminal.out.write(`${JSON.stringify({ dir: folder, files: paths, installed: flags.install })}\n`)
      else terminal.out.write(nextSteps(dir, manager, flags.install))
    })
}

function nextSteps(dir: string, manager: string, installed: boolean): string {
  const steps = [...(dir === '.' ? [] : [`cd ${dir}`]), ...(installed ? [] : [`${manager} install`]), `${manager} run backtest`, `${manager} run paper`]
  return `the project is made; next:\n\n${steps.map((step) => `  ${step}\n`).join('')}`
}

/** What npm takes for a name, of what the folder is called. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return name === '' ? 'my-bot' : name
}
