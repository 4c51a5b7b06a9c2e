import { runVenueSchedule } from '../../packages/coinbase-adapter/test/schedules/venue-schedule.ts'
import { CampaignFailure } from '../lib/campaign.ts'
import type { Campaign } from '../lib/campaign.ts'
import { schedulesLine } from '../lib/schedules-line.ts'

/** `npm test` runs fifty of these. */
export const campaign: Campaign = {
  title: 'eleven bots on the Coinbase adapter, over real sockets to a venue that does everything wrong, agree with its books to the last unit',
  options: { minutes: '5' },
  json: schedulesLine,
  async run(seed, { options }) {
    const startedAt = performance.now()
    const { words, other, faults, ...counts } = await runVenueSchedule({ seed, minutes: Number(options['minutes']) })
    const named = Object.fromEntries(Object.entries(faults).map(([kind, n]) => [`fault.${kind}`, n]))
    const figures = { schedules: 1, ...counts, wallMs: Math.round(performance.now() - startedAt), ...named }
    if (words.length + other.length > 0) throw new CampaignFailure([...words, ...other].slice(0, 3).join('; '), figures)
    return figures
  },
}
