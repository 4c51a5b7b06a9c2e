import { bot, backtest, weightedSignals, temperatureSizing, stopLoss, takeProfit, cooldown, tradeSize, maxTranches, maxPosition, minTemperature, dailyTrades, dailyLossLimit, maxExposure, maxOpenPositions, priceStep, staleData, balance } from '@millrace/core'
import { replayMarket } from '@millrace/core/node'
const pairs = ['BTC','ETH','SOL','XRP','DOGE','AVAX']
const mk = () => pairs.map((p, i) => bot({ id: p.toLowerCase(), instrument: `${p}-USD`, timeframe: '5m', strategy: weightedSignals(), actionThreshold: Number(process.argv[4] ?? 0.1), confirm: '5m', sizing: temperatureSizing({ base: 10, min: 5, max: 25 }),
  exits: [stopLoss(0.05), takeProfit(0.04)], safety: [tradeSize(5, 25), cooldown(process.argv[3] ?? '15m'), minTemperature('warm'), maxTranches(3), maxPosition(75), priceStep(0.008), staleData('90s'), balance()] }))
const market = await replayMarket({ dir: '/work/shared/data/perf', instruments: pairs.map(p => p + '-USD'), speed: 'max', timeframes: ['5m'] })
const candles = pairs.map(p => ({ instrument: p + '-USD', timeframeMs: 300000, columns: market.columns(p + '-USD', 300000)! }))
let best = Infinity
for (let i = 0; i < Number(process.argv[2] ?? 1); i++) {
const c0 = process.cpuUsage(); const t = performance.now()
const r = backtest({ bots: mk(), candles, cash: { USD: '1266' }, safety: [dailyLossLimit(100), ...dailyTrades({ account: 100, bot: 12 }), maxExposure(800), maxOpenPositions(11)] })
const ms = performance.now() - t; const c = process.cpuUsage(c0).user / 1000; best = Math.min(best, c)
console.log(r.summary.candleBots, r.fills.length, ms.toFixed(0), 'cpu', c.toFixed(0), (r.summary.candleBots / c / 1000).toFixed(2) + ' M/s', r.hash)
}
