import { LOOK_MS, heapGrowth, runVenueSoak } from '../../packages/coinbase-adapter/test/schedules/venue-soak.ts'
import { CampaignFailure } from '../lib/campaign.ts'
import type { Campaign } from '../lib/campaign.ts'

/** Growth of the heap from the first quarter of the samples to the last that is still called flat, in bytes. */
const FLAT_BYTES = 8e6
/** A page of the modelled dashboard looked so often at each product in five seconds. */
const READERS = '5'

/** `npm test` does a few minutes of this. */
export const campaign: Campaign = {
  title: `eleven bots for a virtual day on a venue that counts every request: what the cache saves of ${READERS} look-ups a product every ${LOOK_MS / 1_000} s, no 429, flat memory`,
  defaults: { seeds: 1, minutes: Number.POSITIVE_INFINITY },
  options: { minutes: '1440', readers: READERS },
  async run(seed, { options }) {
    const minutes = Number(options['minutes'])
    const readers = Number(options['readers'])
    const progress = (line: string): void => console.error(line)
    const { cache, statuses, limits, callsPerMinute, heap, words, ...counts } = await runVenueSoak({ seed, minutes, readers, heapSamples: 25, progress })
    const grownBytes = heapGrowth(heap)
    const figures = {
      ...{ virtualMinutes: minutes, readers, decisions: counts.decisions, orders: counts.orders, fills: counts.fills, requests: counts.requests },
      ...{
        lookUps: cache.requests,
        hits: cache.hits,
        coalesced: cache.coalesced,
        misses: cache.misses,
        hitRatePercent: Number((100 * cache.hitRate).toFixed(2)),
      },
      ...{ status429: statuses['429'] ?? 0, breaches: limits.privateBreaches + limits.publicBreaches + limits.socketBreaches },
      ...{ mostPublicInASecond: limits.mostPublicInASecond, mostPrivateInASecond: limits.mostPrivateInASecond },
      ...{ callsPerMinute: Number(callsPerMinute.mean.toFixed(1)), mostCallsInAMinute: callsPerMinute.most },
      ...{ heapStart: heap[0]!, heapMiddle: heap[Math.floor(heap.length / 2)]!, heapEnd: heap.at(-1)!, heapGrown: grownBytes },
    }
    const wrong = [...words, ...(figures.status429 + figures.breaches > 0 ? [`${figures.status429} answers 429, ${figures.breaches} breaches of a limit`] : [])]
    if (grownBytes > FLAT_BYTES) wrong.push(`the heap grew by ${grownBytes} bytes`)
    if (counts.trading !== 'active') wrong.push(`the bots ended ${counts.trading}: ${JSON.stringify(counts.alerts)}`)
    if (wrong.length > 0) throw new CampaignFailure(wrong.slice(0, 3).join('; '), figures)
    return figures
  },
}
