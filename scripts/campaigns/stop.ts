import { runStops } from '../../packages/core/test/live/stop-run.ts'
import { gateLatencies } from '../../packages/example-dashboard/test/gate-latency.ts'
import { CampaignFailure } from '../lib/campaign.ts'
import type { Campaign } from '../lib/campaign.ts'

/** Emergency stops of one seed in virtual time. */
const STOPS = 10
/** In real time, once for so many seeds. */
const REAL_EVERY = 100
const REAL_STOPS = 100
/** Figures are added up, a percentile is not: how many gates were closed within so many ms is. */
const withinMs = [1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 75, 100, 200, 500, 1_000] as const

/** `npm test` does two hundred of these. */
export const campaign: Campaign = {
  title: 'whenever an emergency stop comes, no send begins after the gate is closed and no create reaches the venue after the promise',
  json({ seeds, seconds, result: { figures } }) {
    const { gates = 0 } = figures
    const gateP99Ms = withinMs.find((ms) => (figures[`gateWithin${ms}Ms`] ?? 0) >= 0.99 * gates) ?? null
    return { seeds, seconds, ...figures, gateP99Ms: gates === 0 ? null : gateP99Ms }
  },
  async run(seed) {
    const { problems, ...counts } = await runStops({ seed, stops: STOPS })
    const real = seed % REAL_EVERY === 1 ? await gateLatencies(seed, REAL_STOPS) : []
    const within = withinMs.map((ms) => [`gateWithin${ms}Ms`, real.filter((took) => took <= ms).length] as const)
    const figures = { ...counts, gates: real.length, ...Object.fromEntries(within) }
    if (problems.length > 0) throw new CampaignFailure(problems.slice(0, 3).join('; '), figures)
    return figures
  },
}
