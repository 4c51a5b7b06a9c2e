import { weightedSignals } from '@millrace/core'
import { replayMarket } from '@millrace/core/node'
import { SignalSlots } from './src/pipeline/signal-slots.ts'
const pairs = ['BTC','ETH','SOL','XRP','DOGE','AVAX']
const market = await replayMarket({ dir: '/work/shared/data/perf', instruments: pairs.map(p => p + '-USD'), speed: 'max', timeframes: ['5m'] })
const ev = market.events({ instruments: pairs.map(p => p + '-USD'), timeframesMs: [300000] })
const time = (name: string, n: number, f: () => number) => { for (let i = 0; i < 4; i++) { const t = process.cpuUsage(); const x = f(); const c = process.cpuUsage(t).user / 1000; if (i === 3) console.log(name, (c / n * 1e6).toFixed(1), 'ns', x) } }
let n = 0; for (const e of ev) n++
time('iterate events', n, () => { let s = 0; for (const e of market.events({ instruments: pairs.map(p => p + '-USD'), timeframesMs: [300000] })) s += e.candle.close; return s })
const closes = new Float64Array(n); const ids = new Uint8Array(n); { let i = 0; for (const e of market.events({ instruments: pairs.map(p => p + '-USD'), timeframesMs: [300000] })) { closes[i] = e.candle.close; ids[i++] = pairs.indexOf(e.instrument.slice(0, -4)) } }
const insts = pairs.map(() => weightedSignals().create())
time('indicators', n, () => { let s = 0; for (let i = 0; i < n; i++) { const list = insts[ids[i]!]!.indicators; for (let k = 0; k < list.length; k++) list[k]![1].update(closes[i] as never) } return s })
const slots = pairs.map(() => new SignalSlots(weightedSignals().componentNames))
const ctx = insts.map(x => ({ readings: x.readings, candle: { close: 1 }, position: {}, window: {} }))
time('evaluate', n, () => { let s = 0; for (let i = 0; i < n; i++) { const k = ids[i]!; ctx[k]!.candle.close = closes[i]!; slots[k]!.reset(); insts[k]!.evaluate(ctx[k] as never, slots[k]!); s += slots[k]!.score } return s })
time('ind+evaluate', n, () => { let s = 0; for (let i = 0; i < n; i++) { const k = ids[i]!; const list = insts[k]!.indicators; for (let j = 0; j < list.length; j++) list[j]![1].update(closes[i] as never); ctx[k]!.candle.close = closes[i]!; slots[k]!.reset(); insts[k]!.evaluate(ctx[k] as never, slots[k]!); s += slots[k]!.score } return s })
