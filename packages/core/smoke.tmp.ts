import { bot, createEngine, memoryStore, paper, simulatedMarket, weightedSignals, presets, temperatureSizing, stopLoss, takeProfit, cooldown, tradeSize, maxTranches, maxPosition, minTemperature, dailyTrades, dailyLossLimit, maxExposure, maxOpenPositions, priceStep, staleData, balance } from '@millrace/core'
const pairs = ['BTC','ETH','SOL','XRP','DOGE','AVNT','AERO','SUI','AVAX','TOSHI','PENGU']
const bots = pairs.map((p, i) => bot({ id: p.toLowerCase(), instrument: `${p}-USD`, timeframe: '1m', strategy: weightedSignals(), actionThreshold: 0.1, confirm: '5m', sizing: temperatureSizing({ base: 10, min: 5, max: 25 }),
  exits: [stopLoss(0.05), takeProfit(0.04)], safety: [tradeSize(5, 25), cooldown('15m'), minTemperature('warm'), maxTranches(3), maxPosition(75), priceStep(0.008), staleData('90s'), balance()] }))
const seed = Number(process.argv[2] ?? 7)
const speed = process.argv[4] === undefined ? 'max' : Number(process.argv[4])
const engine = createEngine({ market: simulatedMarket({ seed, until: process.argv[3] ?? '24h', speed: 'max' }), exchange: paper({ cash: { USD: '1266' } }), store: memoryStore(), bots, safety: [dailyLossLimit(100), ...dailyTrades({ account: 100, bot: 12 }), maxExposure(800), maxOpenPositions(11)], environment: 'backtest' })
let n = 0
engine.fills$.subscribe(f => { if (n++ < 12) console.log(new Date(f.atMs).toISOString(), f.botId, f.side, f.quantity, f.price, f.realizedPnl, f.source) })
engine.alerts$.subscribe(a => console.log('ALERT', a.code, a.detail))
const t = performance.now()
await engine.start()
console.log('started', performance.now() - t)
const s = await engine.finished
console.log(s, performance.now() - t, s.candleBots / s.engineMs * 1000)
for (const b of engine['kernel'].state.bots) console.log(b.config.id, b.view.position.quantity, b.view.position.cost, engine['kernel'].state.durable.ledger.position(b.config.id).lots.length)
