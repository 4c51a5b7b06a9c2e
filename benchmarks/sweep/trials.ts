import type { TrialTask } from '@millrace/core'

/** A bot that follows trends, with nothing between its score and its orders. */
export const trialTask: TrialTask = {
  config: {
    account: { cash: { USD: '1000000' }, fees: { maker: '0.001', taker: '0.001' }, safety: [] },
    bots: [
      {
        id: 'btc',
        instrument: 'BTC-USD',
        timeframe: '1m',
        strategy: { use: 'trend-following', params: { filter: 0.5 } },
        actionThreshold: 0.3,
        confirm: 0,
        sizing: { use: 'fixed', params: { quote: 500 } },
        tranches: { max: 1 },
        safety: [],
      },
    ],
  },
  bot: 'btc',
  parameters: [{ name: 'fast', values: [10, 15, 20, 25, 30, 35, 40, 45] }],
  seed: 7,
  gapPolicy: 'skip',
}
