import type { ConfigProblem, FeasibilityNumbers } from '@millrace/core'
import { durationText } from '@millrace/core'
import { pairs, table } from '../text/table.ts'

const amount = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : 'none')
/** The one currency of all pairs; nothing when there are several, or none. */
function currencyOf(instruments: readonly string[]): string {
  const all = new Set(instruments.map((instrument) => instrument.slice(instrument.lastIndexOf('-') + 1)))
  return all.size === 1 ? ` ${[...all].join('')}` : ''
}

const percent = (fraction: number): string => `${(fraction * 100).toFixed(2)} %`

/** What is unwise, one line each. */
export const warningLines = (warnings: readonly ConfigProblem[]): readonly string[] =>
  warnings.map(({ path, expected, received }) => `unwise: ${path}: expected ${expected}, received ${received}`)

/** The numbers of a configuration that can be: by bot, then of the account. */
export function feasibilityText({ bots, roundTrip, cash, mostHeld, entriesPerDay, worstDay, requests }: FeasibilityNumbers): string {
  const byBot = table(
    ['bot', 'pair', 'venue minimum', 'smallest entry', 'left at the stop', 'largest entry', 'tranches', 'most held', 'enters from'],
    bots.map((bot) => [
      bot.id,
      bot.instrument,
      amount(bot.venueMinimum),
      amount(bot.smallestEntry),
      bot.stop === undefined ? 'no stop' : amount(bot.smallestSale),
      amount(bot.largestEntry),
      String(bot.tranches),
      amount(bot.mostHeld),
      String(bot.weakestScore),
    ]),
    [2, 3, 4, 5, 6, 7, 8],
  )
  const currency = currencyOf(bots.map(({ instrument }) => instrument))
  const account = pairs([
    ['cash', `${amount(cash)}${currency}`],
    // Of pairs without rules there is nothing to add up.
    ...(bots.length === 0 ? [] : [['most held at once', `${amount(mostHeld)}${currency}`] as const]),
    ['entries a day', Number.isFinite(entriesPerDay) ? String(entriesPerDay) : 'no limit'],
    ['break-even of a round trip', `${percent(roundTrip.breakEven)} (fees ${percent(roundTrip.fees)})`],
    ['worst day, fees included', `${amount(worstDay)}${currency}`],
    [
      'requests a second',
      `${requests.sustainedPerSecond < 0.005 ? 'below 0.01' : requests.sustainedPerSecond.toFixed(2)}, and ${requests.burst} ${requests.burst === 1 ? 'order' : 'orders'} at once in ${durationText(requests.burstMs)}`,
    ],
  ])
  return bots.length === 0 ? account : `${byBot}\n\n${account}`
}
