import { simulate } from '@millrace/core/testing'
import { CampaignFailure } from '../lib/campaign.ts'
import type { Campaign } from '../lib/campaign.ts'
import { schedulesLine } from '../lib/schedules-line.ts'

/** Bots and orders of each of them, by turns. */
const shapes = [
  { bots: 3, orders: 6 },
  { bots: 11, orders: 2 },
] as const

/** `npm test` runs a thousand of these; rare combinations need more. */
export const campaign: Campaign = {
  title: 'after a day of faults, crashes and restarts the real engine agrees with a faulty venue to the last unit',
  options: { bots: '', orders: '', minutes: '60' },
  json(record) {
    const line = schedulesLine(record)
    return { ...line, hash: record.result.hash ?? '', schedulesPerSecond: Math.round((10_000 * line.schedules) / line.wallMs) / 10 }
  },
  async run(seed, { options, mark }) {
    const startedAt = performance.now()
    const before = process.cpuUsage()
    const {
      failures,
      faults,
      hash,
      seeds: schedules,
      ...counts
    } = await simulate({
      seeds: 1,
      firstSeed: seed,
      ...shapes[seed % shapes.length]!,
      ...(options['bots'] === '' ? {} : { bots: Number(options['bots']) }),
      ...(options['orders'] === '' ? {} : { orders: Number(options['orders']) }),
      minutes: Number(options['minutes']),
    })
    mark(hash)
    const named = Object.fromEntries(Object.entries(faults).map(([kind, n]) => [`fault.${kind}`, n]))
    const { user, system } = process.cpuUsage(before)
    // What it costs, also while other programs want the processor.
    const cpuMs = (user + system) / 1_000
    const figures = { schedules, ...counts, ...named, wallMs: performance.now() - startedAt, cpuMs }
    const [failure] = failures
    if (failure !== undefined) {
      const { minimal, problems } = failure
      const least = `minimal: ${minimal.minutes} minutes with ${minimal.faults.join(', ') || 'no faults'}: ${minimal.problems[0]}`
      throw new CampaignFailure(`${problems.slice(0, 3).join('; ')}; ${least}`, figures)
    }
    return figures
  },
}
