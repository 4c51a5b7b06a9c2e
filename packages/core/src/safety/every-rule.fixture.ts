import { builtIns } from '../config/built-ins.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { emergencyLatch } from './emergency-latch.ts'
import { tradingStateGate } from './trading-state-gate.ts'

// Shared by tests over all rules; nothing in the library imports it.

/** Parameters for every rule that a file can name; a rule that is missing here fails the test over all of them. */
export const ruleParams: Readonly<Record<keyof typeof builtIns.safety, unknown>> = {
  balance: {},
  'bot-loss': { limit: 25 },
  'clock-skew': { max: '5s' },
  'consecutive-losses': { max: 3, pause: '4h' },
  cooldown: { duration: '15m' },
  'correlation-group': { instruments: ['BTC-USD', 'ETH-USD'], max: 2 },
  'daily-loss': { limit: 100 },
  'daily-trades': { account: 10, bot: 5 },
  drawdown: { fraction: 0.1 },
  environment: { allow: ['backtest', 'paper'] },
  'max-exposure': { limit: 800 },
  'max-open-positions': { max: 11 },
  'max-position': { limit: 75 },
  'max-tranches': { max: 3 },
  'min-temperature': { atLeast: 'warm' },
  'order-rate': { account: 30, bot: 3, window: '1m' },
  'price-band': { fraction: 0.05 },
  'price-step': { fraction: 0.008 },
  spread: { maxBps: 50 },
  'stale-data': { maxAge: '2m' },
  'trade-size': { min: 5, max: 25 },
  'trading-window': { from: '08:00', to: '20:00' },
}

/** One of each: what a file can name, by name, and the two that look at the trading state. */
export const everyRule = (): readonly ConfiguredRule[] => [
  ...Object.entries(builtIns.safety).flatMap(([name, entry]) => entry.make(entry.params.parse(ruleParams[name])) as readonly ConfiguredRule[]),
  emergencyLatch(),
  tradingStateGate(),
]
