import type { FaultKind } from './fault-plan.ts'
import { faultKinds } from './fault-plan.ts'
import { runSchedule } from './schedule.ts'
import type { ScheduleOptions, ScheduleResult } from './schedule.ts'
import { shrink } from './shrink.ts'
import type { MinimalSchedule } from './shrink.ts'
import { sha256Hex } from '../../engine/hashing.ts'

/** Many schedules. */
export interface SimulateOptions extends Omit<ScheduleOptions, 'seed'> {
  /** How many, counted up from `firstSeed`. */
  readonly seeds: number
  readonly firstSeed?: number
  /** Called after each. */
  readonly onSchedule?: (result: ScheduleResult) => void
}

/** What came of them: every count of problems is to be 0. */
export interface SimulateReport {
  readonly seeds: number
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>
  readonly orders: number
  readonly fills: number
  readonly probes: number
  readonly duplicateOrders: number
  readonly lostFills: number
  readonly doubleFills: number
  readonly ledgerMismatches: number
  readonly limitBreaches: number
  readonly stuckIntents: number
  /** Anything else that was wrong. */
  readonly otherProblems: number
  /** Of the first three seeds that failed: what was wrong, and the least that still goes wrong. */
  readonly failures: readonly { readonly seed: number; readonly problems: readonly string[]; readonly minimal: MinimalSchedule }[]
  /** Over the journals of all of them: the same seeds give the same. */
  readonly hash: string
}

const FAILURES_KEPT = 3

const kindOf = (
  problem: string,
): keyof Pick<SimulateReport, 'duplicateOrders' | 'lostFills' | 'doubleFills' | 'ledgerMismatches' | 'limitBreaches' | 'stuckIntents' | 'otherProblems'> => {
  if (problem.startsWith('duplicate order')) return 'duplicateOrders'
  if (problem.startsWith('lost fill') || problem.startsWith('order lost')) return 'lostFills'
  if (problem.startsWith('double fill') || problem.startsWith('invented fill') || problem.startsWith('foreign fill')) return 'doubleFills'
  if (problem.startsWith('ledger differs') || problem.startsWith('fill differs')) return 'ledgerMismatches'
  if (problem.startsWith('limit breached')) return 'limitBreaches'
  return problem.startsWith('stuck') ? 'stuckIntents' : 'otherProblems'
}

/**
 * Runs schedules of faults, one seed after the other, and counts what was wrong: your own bots in the kit's bad days.
 *
 * @example
 * ```ts
 * const { lostFills, duplicateOrders } = await simulate({ seeds: 2, minutes: 5 })
 * lostFills + duplicateOrders // => 0
 * ```
 */
export async function simulate({ seeds, firstSeed = 1, onSchedule, ...schedule }: SimulateOptions): Promise<SimulateReport> {
  const sums = {
    orders: 0,
    fills: 0,
    probes: 0,
    duplicateOrders: 0,
    lostFills: 0,
    doubleFills: 0,
    ledgerMismatches: 0,
    limitBreaches: 0,
    stuckIntents: 0,
    otherProblems: 0,
  }
  const faults: Partial<Record<FaultKind, number>> = {}
  const failures: SimulateReport['failures'][number][] = []
  let hash = ''
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const result = await runSchedule({ ...schedule, seed })
    for (const count of ['orders', 'fills', 'probes'] as const) sums[count] += result[count]
    for (const problem of result.problems) sums[kindOf(problem)]++
    for (const kind of faultKinds) if (result.faults[kind] !== undefined) faults[kind] = (faults[kind] ?? 0) + result.faults[kind]
    if (result.problems.length > 0 && failures.length < FAILURES_KEPT)
      failures.push({ seed, problems: result.problems, minimal: await shrink({ ...schedule, seed }) })
    hash = sha256Hex(hash + result.hash)
    onSchedule?.(result)
  }
  return { seeds, faults, ...sums, failures, hash }
}
