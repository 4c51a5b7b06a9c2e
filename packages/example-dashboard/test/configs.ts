import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundledLimits } from './audit.ts'
import type { Limits } from './audit.ts'

interface Rule {
  readonly use: string
  readonly params: Readonly<Record<string, unknown>>
}

/** The eleven bots of the bundled file as data. */
const bundledFile = fileURLToPath(new URL('../bots.json', import.meta.url))
export const bundled = (): Record<string, unknown> => JSON.parse(readFileSync(bundledFile, 'utf8')) as Record<string, unknown>

export const permissive: Limits = {
  ...bundledLimits,
  dailyTradesBot: 100_000,
  dailyTradesAccount: 100_000,
  dailyLoss: 1_000,
}

/** A preset says what its numbers are; these bots have numbers of their own. */
const withoutPreset = (settings: object): object => Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'preset'))

/**
 * The eleven bots without patience: they enter on the smallest signal, at once, every minute, and leave when the price has moved a little either way.
 * The limits are those given.
 */
export function busyConfig(
  limits: Limits,
  { baseSize = 10, exitAt = 0.005 }: { readonly baseSize?: number; readonly exitAt?: number } = {},
): Record<string, unknown> {
  const config = bundled()
  const defaults = withoutPreset(config['defaults'] as object)
  const bots = (config['bots'] as readonly object[]).map(withoutPreset)
  const account: readonly Rule[] = [
    { use: 'daily-loss', params: { limit: limits.dailyLoss } },
    { use: 'daily-trades', params: { account: limits.dailyTradesAccount } },
    { use: 'max-open-positions', params: { max: limits.openPositions } },
    { use: 'max-exposure', params: { limit: limits.exposure } },
  ]
  const bot: readonly Rule[] = [
    { use: 'stale-data', params: { maxAge: '2m' } },
    { use: 'cooldown', params: { duration: '1m' } },
    { use: 'daily-trades', params: { bot: limits.dailyTradesBot } },
    { use: 'max-position', params: { limit: limits.perBot } },
    { use: 'trade-size', params: { min: limits.tradeMin, max: limits.tradeMax } },
  ]
  return {
    ...config,
    account: { ...(config['account'] as object), safety: [...account, 'balance'] },
    bots,
    defaults: {
      ...defaults,
      actionThreshold: 0.02,
      confirm: 0,
      sizing: { use: 'temperature', params: { base: baseSize, min: 5, max: 25, lift: false } },
      tranches: { max: limits.tranches },
      exits: [
        { use: 'stop-loss', params: { fraction: exitAt } },
        { use: 'take-profit', params: { fraction: exitAt } },
      ],
      safety: bot,
    },
  }
}
