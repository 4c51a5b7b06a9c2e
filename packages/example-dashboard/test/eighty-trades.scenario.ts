import { readFileSync } from 'node:fs'
import { createEngine, paper, parseConfig, simulatedMarket } from '@millrace/core'
import type { FillRecord, OrderRecord } from '@millrace/core'
import { expect, test } from 'vitest'

/** The seed that docs/concepts/simulated-market.md names, and what its day amounts to; it changes with whatever changes a decision or a fill. */
const SEED = 187
const pinned = { orders: 80, fills: 80, journalHash: 'df919c4bba1b231d' }

const documented = readFileSync(new URL('../../../docs/concepts/simulated-market.md', import.meta.url), 'utf8')
const file = JSON.parse(readFileSync(new URL('../bots.json', import.meta.url), 'utf8')) as { readonly defaults: { readonly preset: string } }

async function day(): Promise<{ readonly result: object; readonly fills: readonly FillRecord[]; readonly orders: readonly OrderRecord[] }> {
  const { account, bots, json } = parseConfig(file)
  const fills: FillRecord[] = []
  const orders: OrderRecord[] = []
  const engine = createEngine({
    market: simulatedMarket({ seed: SEED, until: '24h', speed: 'max', instruments: bots.map((bot) => bot.instrument) }),
    exchange: paper({ cash: account.cash, fees: account.fees }),
    bots,
    safety: account.safety,
    environment: 'backtest',
    config: json,
  })
  engine.on('fill', (fill) => fills.push(fill))
  engine.on('order', (order) => {
    if (order.state === 'intent') orders.push(order)
  })
  await engine.start()
  const { orders: count, fills: filled, journalHash } = await engine.finished
  return { result: { orders: count, fills: filled, journalHash }, fills, orders }
}

test('[row 4] a day of the production preset makes eighty trades, the same eighty each time, inside every limit', async () => {
  expect(file.defaults.preset).toBe('aggressiveBalanced')
  const [first, second] = [await day(), await day()]
  expect(first.result).toEqual(pinned)
  expect([second.result, second.fills]).toEqual([first.result, first.fills])
  for (const words of [`--seed ${SEED} `, `${pinned.fills} trades`, pinned.journalHash]) expect(documented).toContain(words)
  // A person made none of them, and no entry is larger or more frequent than the documents say.
  expect(first.orders.every(({ origin }) => origin !== 'manual')).toBe(true)
  const entries = first.orders.filter(({ side }) => side === 'buy')
  expect(entries.length).toBeLessThanOrEqual(100)
  for (const { quoteSize } of entries) {
    expect(Number(quoteSize)).toBeGreaterThanOrEqual(5)
    expect(Number(quoteSize)).toBeLessThanOrEqual(25)
  }
  for (const bot of new Set(entries.map(({ botId }) => botId))) expect(entries.filter(({ botId }) => botId === bot).length).toBeLessThanOrEqual(12)
})
