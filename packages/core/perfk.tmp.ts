import { bot, createAccount, paper, weightedSignals, temperatureSizing, stopLoss, takeProfit, cooldown, tradeSize, maxTranches, maxPosition, minTemperature, dailyTrades, dailyLossLimit, maxExposure, maxOpenPositions, priceStep, staleData, balance, coinbaseInstrument } from '@millrace/core'
import { replayMarket } from '@millrace/core/node'
const pairs = ['BTC','ETH','SOL','XRP','DOGE','AVAX']
const cd = process.argv[3] ?? '15m'
const mk = () => pairs.map((p, i) => bot({ id: p.toLowerCase(), instrument: `${p}-USD`, timeframe: '5m', strategy: weightedSignals(), actionThreshold: Number(process.argv[4] ?? 0.1), confirm: '5m', sizing: temperatureSizing({ base: 10, min: 5, max: 25 }),
  exits: [stopLoss(0.05), takeProfit(0.04)], safety: [tradeSize(5, 25), cooldown(cd), minTemperature('warm'), maxTranches(3), maxPosition(75), priceStep(0.008), staleData('90s'), balance()] }))
const market = await replayMarket({ dir: '/work/shared/data/perf', instruments: pairs.map(p => p + '-USD'), speed: 'max', timeframes: ['5m'] })
const events = [...market.events({ instruments: pairs.map(p => p + '-USD'), timeframesMs: [300000] })].map(e => ({ ...e, candle: { ...e.candle } }))
for (let i = 0; i < Number(process.argv[2] ?? 1); i++) {
let fills = 0
const account = createAccount({ instruments: pairs.map(p => coinbaseInstrument(p + '-USD')), exchange: paper({ cash: { USD: '1266' } }), bots: mk(), startMs: events[0].atMs - 1, safety: [dailyLossLimit(100), ...dailyTrades({ account: 100, bot: 12 }), maxExposure(800), maxOpenPositions(11)], journal: false, onFill: () => fills++ })
const c0 = process.cpuUsage(); const t = performance.now()
for (const e of events) account.step(e)
const ms = performance.now() - t; const c = process.cpuUsage(c0)
console.log(events.length, fills, ms.toFixed(0), 'cpu', (c.user / 1000).toFixed(0), (events.length / ms / 1000).toFixed(2) + ' M/s', (events.length / c.user).toFixed(2), account.hash)
}
