// A process of its own: a grid of so many trials through optimize(), and the most memory it ever had. `memory.ts <trials>`
import { configTrials, foldsOf, gridSearch, objectives, optimize, parameterRange, parameterSpace } from '@millrace/core'
import { canonicalColumns } from '../engine/canonical.ts'
import { trialTask } from './trials.ts'

const side = Math.round(Math.sqrt(Number(process.argv[2])))
const columns = canonicalColumns(2_000)
const parameters = [parameterRange('fast', 2, 1 + side, 1), parameterRange('slow', 150, 149 + side, 1)]
const evaluator = configTrials({ ...trialTask, parameters }, [{ instrument: 'BTC-USD', timeframeMs: 60_000, columns }])
const range = { fromMs: columns.openTime[0]!, toMs: columns.openTime[1_999]! + 60_000 }
const { hash, folds } = await optimize({
  space: parameterSpace(parameters),
  evaluator,
  search: gridSearch(),
  objective: objectives.return,
  folds: foldsOf(range, 60_000),
  seed: 7,
})
const collect = (globalThis as { gc?: () => void }).gc
collect?.()
// Linux counts in kilobytes.
process.stdout.write(
  JSON.stringify({ megabytes: process.resourceUsage().maxRSS / 1024, keptMegabytes: process.memoryUsage().heapUsed / 2 ** 20, trials: folds[0]!.trials, hash }),
)
