import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createAccount, paper, parseConfig, simulatedMarket } from '@millrace/core'
import type { CandleEvent } from '@millrace/core'
import { DurableState } from '../src/engine/durable-state.ts'
import { decodeFacts } from '../src/engine/journal/facts.ts'
import type { Ledger } from '../src/ledger/ledger.ts'
import { ZERO, add, isZero } from '../src/model/money.ts'

const bundled: unknown = JSON.parse(readFileSync(new URL('../../example-dashboard/bots.json', import.meta.url), 'utf8'))

/** Currencies whose accounts do not sum to zero. */
const unbalanced = (ledger: Ledger): string[] =>
  Object.entries(ledger.accounts())
    .filter(([, accounts]) => !isZero(Object.values(accounts).reduce(add, ZERO)))
    .map(([currency]) => currency)

test('the trial balance of eleven bots is zero in every currency after each event of a day, and after each entry of its journal', async () => {
  const { account: settings, bots } = parseConfig(bundled)
  const ids = bots.map((bot) => bot.instrument)
  const market = simulatedMarket({ seed: 7, speed: 'max', until: '24h', instruments: ids })
  const replayed = new DurableState()
  const problems: string[] = []
  let entries = 0
  let fills = 0
  const account = createAccount({
    instruments: await market.instruments(),
    exchange: paper({ cash: settings.cash, fees: settings.fees }),
    bots,
    safety: settings.safety,
    startMs: market.startMs(),
    onEntry(entry) {
      entries++
      replayed.apply(entry.type, entry.atMs, entry.botId, decodeFacts(entry.type, entry.data))
      replayed.ledger.assertBalanced()
      for (const currency of unbalanced(replayed.ledger)) problems.push(`${currency} after entry ${entry.seq}`)
    },
    onFill: () => fills++,
  })
  const { ledger } = account.kernel.state.durable
  for (const event of market.events({ instruments: ids, timeframesMs: [60_000] }) as Iterable<CandleEvent>) {
    const before = entries
    account.step(event)
    // An event that wrote nothing moved no money: the journal comes before every effect.
    if (entries > before || event.closed) for (const currency of unbalanced(ledger)) problems.push(`${currency} at ${event.atMs}`)
  }
  account.close()
  expect(problems).toEqual([])
  expect([fills > 20, entries > fills]).toEqual([true, true])
  // Money, the coins that were traded, and every account of the two folds the same.
  expect(Object.keys(ledger.accounts()).length).toBeGreaterThan(5)
  expect(JSON.stringify(ledger.accounts())).toBe(JSON.stringify(replayed.ledger.accounts()))
})
