import { bot, createEngine, memoryStore, paper, weightedSignals, temperatureSizing, stopLoss, takeProfit, cooldown, tradeSize, maxTranches, maxPosition, minTemperature, dailyTrades, dailyLossLimit, maxExposure, maxOpenPositions, priceStep, staleData, balance } from '@millrace/core'
import { replayMarket } from '@millrace/core/node'
const pairs = ['BTC','ETH','SOL','XRP','DOGE','AVAX']
const mk = () => pairs.map((p, i) => bot({ id: p.toLowerCase(), instrument: `${p}-USD`, timeframe: '5m', strategy: weightedSignals(), actionThreshold: 0.1, confirm: '5m', sizing: temperatureSizing({ base: 10, min: 5, max: 25 }),
  exits: [stopLoss(0.05), takeProfit(0.04)], safety: [tradeSize(5, 25), cooldown('15m'), minTemperature('warm'), maxTranches(3), maxPosition(75), priceStep(0.008), staleData('90s'), balance()] }))
for (let i = 0; i < Number(process.argv[2] ?? 1); i++) {
const market = await replayMarket({ dir: '/work/shared/data/perf', instruments: pairs.map(p => p + '-USD'), speed: 'max', timeframes: ['5m'] })
const bots = mk()
const engine = createEngine({ market, exchange: paper({ cash: { USD: '1266' } }), store: memoryStore(), bots, safety: [dailyLossLimit(100), ...dailyTrades({ account: 100, bot: 12 }), maxExposure(800), maxOpenPositions(11)], environment: 'backtest' })
const t = performance.now()
await engine.start()
const s = await engine.finished
console.log(s.candleBots, s.fills, s.decisions, JSON.stringify(s.blockers), engine['kernel'].state.journal.seq, s.engineMs, (s.candleBots / s.engineMs / 1000).toFixed(2) + ' M/s')
}
