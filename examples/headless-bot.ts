// A bot without a page: the engine as a library, on paper, with limits, news on the terminal and a clean end at Ctrl-C.
// Run it: node --conditions=@millrace/source examples/headless-bot.ts
import { bot, cooldown, createEngine, dailyLossLimit, memoryStore, paper, simulatedMarket, stopLoss, temperatureSizing, weightedSignals } from '@millrace/core'
import { fileURLToPath } from 'node:url'

/** Runs a simulated stretch and says what came of it; `until` and `speed` as of the simulated market. */
export async function run(print: (line: string) => void, until: `${number}h` = '4h'): Promise<{ readonly orders: number; readonly journalHash: string }> {
  const engine = createEngine({
    market: simulatedMarket({ seed: 7, until, speed: 'max' }), // coinbaseMarket() of @millrace/coinbase-adapter for live prices
    exchange: paper({ cash: { USD: '1000' } }),
    store: memoryStore(), // sqliteStore('trader.db') of @millrace/sqlite-store to survive a restart
    bots: ['BTC-USD', 'ETH-USD'].map((instrument) =>
      bot({
        id: instrument.slice(0, 3).toLowerCase(),
        instrument,
        timeframe: '1m',
        strategy: weightedSignals(),
        confirm: '1m',
        sizing: temperatureSizing({ base: 10, min: 5, max: 25 }),
        exits: [stopLoss(0.05)],
        safety: [cooldown('15m')],
      }),
    ),
    safety: [dailyLossLimit(100)],
  })
  engine.fills$.subscribe(({ botId, side, quantity, price }) => print(`${botId} ${side} ${String(quantity)} at ${String(price)}`))
  engine.alerts$.subscribe(({ code, detail }) => print(`${code}: ${detail}`))
  const stop = (): void => void engine.stop()
  process.once('SIGINT', stop)
  try {
    await engine.start()
    const { orders, journalHash } = await engine.finished
    return { orders, journalHash }
  } finally {
    process.off('SIGINT', stop)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await run(console.log))
