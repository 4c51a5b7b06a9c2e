import { balance, bot, defineStrategy, environmentGate, fixedSize, limitOrders, marketOrders, tradeSize } from '@millrace/core'
import type { BotConfig, SafetyRule } from '@millrace/core'
import { z } from 'zod'

export const lifeCoins = ['BTC', 'ETH', 'SOL', 'XRP'] as const

/** What is traded is asked for by hand, so that there is always something to do and a life need not wait for a candle. */
const quiet = defineStrategy({
  id: 'quiet',
  params: z.strictObject({}),
  indicators: () => ({}),
  components: { nothing: () => 'no opinion' },
  evaluate(_, __, signal) {
    signal.add('nothing', 0, 1, 0)
  },
})

/** One whose orders rest and are cancelled, one whose orders rest and fill, two at market. */
export const lifeBots = (): readonly BotConfig[] =>
  lifeCoins.map((coin, i) =>
    bot({
      id: `${coin.toLowerCase()}-bot`,
      instrument: `${coin}-USD`,
      timeframe: '1m',
      strategy: quiet(),
      sizing: fixedSize(10),
      execution: i >= 2 ? marketOrders() : limitOrders({ offset: i === 0 ? '80bps' : '2bps', timeout: '40s', then: i === 0 ? 'cancel' : 'market' }),
      safety: [tradeSize(5, 25)],
    }),
  )

export const lifeSafety = (): readonly SafetyRule[] => [environmentGate(['live']), balance()]
