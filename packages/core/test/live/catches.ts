import { runSchedule, saboteurDays, saboteurs } from '@millrace/core/testing'

const MINUTES = 20

/** What gives a broken engine away under one seed: a problem, or another hash the second time; undefined when nothing does. */
export async function givenAway(name: string, seed: number): Promise<string | undefined> {
  const options = { seed, minutes: MINUTES, ...saboteurDays[name], sabotage: saboteurs[name]! }
  const { problems, hash } = await runSchedule(options)
  if (problems.length > 0) return problems[0]
  return (await runSchedule(options)).hash === hash ? undefined : 'the same seed gave other bytes'
}
