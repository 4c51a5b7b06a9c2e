import type { ConfigProblem, FeasibilityNumbers } from '@millrace/core'
import { durationText } from '@millrace/core'
import { pairs, table } from '../text/table.ts'

const amount = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : 'none')
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
  const account = pairs([
    ['cash', amount(cash)],
    ['most held at once', amount(mostHeld)],
    ['entries a day', Number.isFinite(entriesPerDay) ? String(entriesPerDay) : 'no limit'],
    ['break-even of a round trip', `${percent(roundTrip.breakEven)} (fees ${percent(roundTrip.fees)})`],
    ['worst day, fees included', amount(worstDay)],
    ['requests a second', `${requests.sustainedPerSecond.toFixed(2)}, and ${requests.burst} orders at once in ${durationText(requests.burstMs)}`],
  ])
  return `${byBot}\n\n${account}`
}
