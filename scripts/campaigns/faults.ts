import { runSchedule } from '@millrace/core/testing'
import { CampaignFailure } from '../lib/campaign.ts'
import type { Campaign } from '../lib/campaign.ts'

/** `npm test` runs some dozens of these; rare combinations need thousands. */
export const campaign: Campaign = {
  title: 'after a day of faults, crashes and restarts the real engine agrees with a faulty venue to the last unit',
  options: { bots: '3', minutes: '8' },
  async run(seed, { options }) {
    const { problems, orders, fills, probes, faults } = await runSchedule({ seed, bots: Number(options['bots']), minutes: Number(options['minutes']) })
    const count = (prefix: string): number => problems.filter((problem) => problem.startsWith(prefix)).length
    const figures = {
      schedules: 1,
      orders,
      fills,
      probes,
      duplicateOrders: count('duplicate order'),
      lostFills: count('lost fill'),
      doubleFills: count('double fill'),
      ledgerMismatches: count('ledger differs'),
      limitBreaches: count('limit breached'),
      stuckIntents: count('stuck'),
      ...Object.fromEntries(Object.entries(faults).map(([kind, n]) => [`fault.${kind}`, n])),
    }
    if (problems.length > 0) throw new CampaignFailure(problems.slice(0, 3).join('; '), figures)
    return figures
  },
}
