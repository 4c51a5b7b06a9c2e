import type { FaultKind, FaultRates } from './fault-plan.ts'
import { faultKinds, harshFaults } from './fault-plan.ts'
import { runSchedule } from './schedule.ts'
import type { ScheduleOptions } from './schedule.ts'

/** As little as still goes wrong under the same seed. */
export interface MinimalSchedule {
  readonly minutes: number
  /** The kinds of faults that it takes. */
  readonly faults: readonly FaultKind[]
  readonly problems: readonly string[]
}

/**
 * Looks for the shortest run with the fewest kinds of faults in which a schedule that failed still fails: fewer minutes by halves, then one kind after the other left
 * out. Each step is one more run.
 *
 * @example
 * ```ts
 * const { minutes, faults } = await shrink({ seed: 1, minutes: 8, sabotage: saboteurs['fees are left out']! })
 * faults // => []
 * minutes < 8 // => true
 * ```
 */
export async function shrink(options: ScheduleOptions): Promise<MinimalSchedule> {
  let { minutes = 20, faults = harshFaults } = options
  let { problems } = await runSchedule(options)
  const fails = async (tried: { readonly minutes: number; readonly faults: FaultRates }): Promise<boolean> => {
    const result = await runSchedule({ ...options, ...tried })
    if (result.problems.length === 0) return false
    ;({ minutes, faults } = tried)
    problems = result.problems
    return true
  }
  const shorten = async (): Promise<void> => {
    for (let step = Math.ceil(minutes / 2); step >= 1; step = step === 1 ? 0 : Math.ceil(step / 2))
      while (minutes > step && (await fails({ minutes: minutes - step, faults })));
  }
  await shorten()
  for (const kind of faultKinds) if ((faults[kind] ?? 0) > 0) await fails({ minutes, faults: { ...faults, [kind]: 0 } })
  // With fewer faults orders get through sooner.
  await shorten()
  return { minutes, faults: faultKinds.filter((kind) => (faults[kind] ?? 0) > 0), problems }
}
