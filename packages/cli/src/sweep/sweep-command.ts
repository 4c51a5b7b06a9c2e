import { Command, Option } from 'commander'
import { tuneForLongRuns } from '@millrace/core/node'
import type { CommandContext } from '../command-line.ts'
import { executeOptimize } from '../optimize/execute-optimize.ts'
import type { OpenRunner } from '../optimize/execute-optimize.ts'
import { searchSettings, trialLimit, withSearchOptions } from '../optimize/optimize-command.ts'
import type { OptimizeFlags } from '../optimize/optimize-command.ts'
import { duration, wholeNumber } from '../parse-values.ts'
import { loadBullMq, redisUrl } from './redis-connection.ts'
import { redisRunner } from './redis-runner.ts'
import { sweepWorker } from './sweep-worker.ts'

const redisOption = (): Option =>
  new Option('--redis <url>', 'the Redis that workers and runs meet at, such as redis://10.0.0.5:6379').argParser(redisUrl).makeOptionMandatory()

const runExamples = `
Examples:
  $ millrace sweep run bots.json --data ./candles --param fast=5:50:1 --param slow=20:200:5 --redis redis://10.0.0.5:6379 --out fast.jsonl

All options but --redis and --patience are those of millrace optimize, and so are the results, to the last byte. Each worker needs the same
millrace, the same candles and the same modules: one that has others refuses, and says why. A worker that is lost costs at most its chunk.`

const workerExamples = `
Examples:
  $ millrace sweep worker --redis redis://10.0.0.5:6379 --data ./candles
  $ millrace sweep worker --redis rediss://:password@redis.example.com:6380 --data candles.db --threads 8

Whoever can write to that Redis decides what this machine calculates: keep it in a private network, with a password, or behind TLS (rediss://).`

/** Waits this long for a Redis that is away, and gives up a worker that was silent for so long. */
const PATIENCE_MS = 60_000
const LOCK_MS = 15_000

interface RunFlags extends OptimizeFlags {
  readonly redis: URL
  readonly patience: number
}

interface WorkerFlags {
  readonly redis: URL
  readonly data: string
  readonly modules: string
  readonly threads?: number
  readonly lock: number
  readonly trialLimit: number
}

/** Makes `millrace sweep`: the search of `millrace optimize` on many machines. */
export function sweepCommand(context: CommandContext): Command {
  return new Command('sweep')
    .summary('a search on many machines')
    .description(
      'Runs the search of millrace optimize on many machines, over a Redis: a worker on each, one run anywhere. Needs the packages bullmq and ioredis.',
    )
    .addCommand(runPart(context))
    .addCommand(workerPart(context))
}

function runPart(context: CommandContext): Command {
  const command = new Command('run')
    .summary('search, on the workers of a Redis')
    .description('Searches the parameters of a bot as millrace optimize does, with the trials run by the workers that listen on a Redis.')
  return withSearchOptions(command)
    .addOption(redisOption())
    .addOption(new Option('--patience <duration>', 'how long Redis may be away before the run ends').argParser(duration).default(PATIENCE_MS, '60s'))
    .addHelpText('after', runExamples)
    .action(async (config: string, flags: RunFlags) => {
      context.exitCode = await executeOptimize(searchSettings(config, flags), context.terminal, { runner: overRedis(flags) })
    })
}

/** Runs trials on the workers of a Redis. */
const overRedis =
  ({ redis, patience }: Pick<RunFlags, 'redis' | 'patience'>): OpenRunner =>
  async ({ options, work, modules }, say) =>
    redisRunner(await loadBullMq(), {
      redis,
      job: { v: 1, codeVersion: options.codeVersion ?? '', datasets: options.datasets ?? [], modules, task: work.task },
      say,
      patienceMs: patience,
    })

function workerPart(context: CommandContext): Command {
  return new Command('worker')
    .summary('run trials for others')
    .description(
      'Runs chunks of trials for millrace sweep run, until it is stopped. It checks that code, modules and candles are those of the sweep, number by number.',
    )
    .addOption(redisOption())
    .addOption(new Option('--data <dir>', 'folder of recorded candles, or a file of stored candles').makeOptionMandatory())
    .addOption(new Option('--modules <dir>', 'folder of the modules that configurations name').default('.'))
    .addOption(new Option('--threads <n>', 'threads, at most as many as cores (default: all cores)').argParser(wholeNumber(1, 1024)))
    .addOption(
      new Option('--lock <duration>', 'a worker that is silent for this long is given up, and its chunk goes to another')
        .argParser(duration)
        .default(LOCK_MS, '15s'),
    )
    .addOption(trialLimit())
    .addHelpText('after', workerExamples)
    .action(async ({ redis, data, modules, threads, lock, trialLimit: trialLimitMs }: WorkerFlags) => {
      tuneForLongRuns()
      context.exitCode = await sweepWorker({ redis, data, modules, threads, lockMs: lock, trialLimitMs }, context.terminal)
    })
}
