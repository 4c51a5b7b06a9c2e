import { z } from 'zod'
import type { BotView } from '../contracts/bot-view.ts'
import { parseParams } from '../model/params.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'

const instruments = z
  .array(z.string().regex(/^[A-Z0-9]{1,20}-[A-Z0-9]{1,20}$/, { error: "an instrument such as 'BTC-USD'" }))
  .min(1)
  .max(1_000)
export const correlationGroupParams = z.strictObject({ instruments, max: z.int().min(1).max(1_000) })

/**
 * Denies opening a position in a group of instruments that move together when that many bots hold one there or work an entry; adding to one is not its
 * business, other instruments are none of its. Code `CORRELATION_GROUP`, margin in positions that would be left after this one.
 *
 * @throws ConfigError when the group is empty or names no instruments, or max is no whole number from 1 to 1000
 * @example
 * ```ts
 * correlationGroup({ instruments: ['BTC-USD', 'ETH-USD', 'SOL-USD'], max: 2 }).code // => 'CORRELATION_GROUP'
 * ```
 */
export function correlationGroup(group: z.input<typeof correlationGroupParams>): ConfiguredRule {
  const params = parseParams(correlationGroupParams, group, 'correlationGroup')
  const members = [...new Set(params.instruments)]
  const activeIn = ({ portfolio }: Pick<BotView, 'portfolio'>): number => {
    let active = 0
    for (let i = 0; i < members.length; i++) active += portfolio.activeOn(members[i]!)
    return active
  }
  return {
    apiVersion: 1,
    id: 'correlation-group',
    code: 'CORRELATION_GROUP',
    unit: 'positions',
    params,
    limits: limitPolicy<typeof params>({ max: 'lower' }, (p) => correlationGroup(p)),
    check(intent, view, verdict) {
      if (intent.kind !== 'open' || !members.includes(view.instrument)) return
      verdict.require(params.max - activeIn(view) - 1)
    },
    describe: (verdict) => `${params.max - verdict.margin - 1} of ${params.max} positions are taken in the group ${members.join(', ')}`,
    lever: {
      what: 'positions in the group',
      grid: 'one',
      ways: [-1],
      read: ({ view }) => activeIn(view),
      move({ view: { portfolio } }, by) {
        const { activeOn } = portfolio
        portfolio.activeOn = (instrument) => activeOn(instrument) + (instrument === members[0] ? by : 0)
      },
    },
  }
}
