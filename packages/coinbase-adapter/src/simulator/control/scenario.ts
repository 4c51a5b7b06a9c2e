import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { actionSchema } from './actions.ts'
import { applyAction } from './apply.ts'
import type { ControlTarget } from './apply.ts'

/** What is done to the venue, and when: `atMs` counts on the venue's clock from the moment the scenario is played. */
export const scenarioSchema = z.strictObject({
  entries: z.array(z.strictObject({ atMs: z.number().min(0), action: actionSchema })).max(100_000),
})

/** A list of things to be done to the venue, each at its time. */
export type Scenario = z.input<typeof scenarioSchema>

/** @throws ZodError on a scenario that is none, before anything of it is done */
export function playScenario(target: ControlTarget, scenario: Scenario): void {
  const { venue } = target.service
  const { entries } = scenarioSchema.parse(scenario)
  const startMs = venue.clock.nowMs()
  // Each one is scheduled by the one before it, so that those of one moment keep their order.
  const next = (index: number): void => {
    const entry = entries[index]
    if (entry === undefined) return
    const run = (): void => {
      attempt(target, entry)
      next(index + 1)
    }
    if (startMs + entry.atMs <= venue.clock.nowMs()) run()
    else venue.later(startMs + entry.atMs, run)
  }
  next(0)
}

/** What the books do not allow at that moment is told to whoever runs the venue, and the rest goes on. */
function attempt(target: ControlTarget, { atMs, action }: z.output<typeof scenarioSchema>['entries'][number]): void {
  try {
    applyAction(target, action)
  } catch (error) {
    process.emitWarning(`scenario, ${atMs} ms, ${action.do}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/**
 * Reads a scenario file.
 *
 * @throws Error that names the file and the first thing wrong in it
 */
export function readScenario(path: string): Scenario {
  const text = readFileSync(path, 'utf8')
  try {
    return scenarioSchema.parse(JSON.parse(text))
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw new Error(`${path}: expected JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    const [issue] = error.issues
    throw new Error(`${path}: ${issue!.path.join('.')}: ${issue!.message}`, { cause: error })
  }
}
