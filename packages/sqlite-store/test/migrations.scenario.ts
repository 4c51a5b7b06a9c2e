import { readFileSync } from 'node:fs'
import { createEngine, paper, parseConfig, simulatedMarket } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { expect, test } from 'vitest'
import { bundled } from '../../example-dashboard/test/configs.ts'
import { betterSqlite3 } from '../src/driver.ts'
import { checkedJournal } from '../../core/test/checked-journal.ts'
import { temporaryFiles } from './temporary-folder.ts'

const newFile = temporaryFiles()

test('[row 61] the eleven bots of an older release go on with their file: positions, cash and order ids as they were', async () => {
  const path = newFile()
  const db = betterSqlite3()(path)
  db.exec(`BEGIN; ${readFileSync(new URL('./fixtures/store-v1.sql', import.meta.url), 'utf8')} COMMIT`)
  const held = db.prepare(`SELECT bot_id, quantity, average_entry FROM positions WHERE quantity <> '0'`).all() as readonly Record<string, string>[]
  const { seq } = db.prepare('SELECT max(seq) AS seq FROM journal').get() as { readonly seq: number }
  db.close()
  expect(held.length).toBeGreaterThan(0)

  const config = parseConfig(bundled())
  const engine = createEngine({
    market: simulatedMarket({ seed: 11, instruments: config.bots.map((bot) => bot.instrument), speed: 'max', until: '90m' }),
    exchange: paper({ cash: config.account.cash, fees: config.account.fees }),
    store: sqliteStore(path),
    bots: config.bots,
    safety: config.account.safety,
    environment: 'paper',
    config: config.json,
  })
  await engine.start()
  await engine.finished
  const journal = checkedJournal(sqliteStore(path))
  expect(journal.filter(({ type }) => type === 'runStarted')).toHaveLength(3)
  expect(journal.length).toBeGreaterThan(seq)
  const ids = journal.filter(({ type }) => type === 'intent').map(({ data }) => (data as { clientOrderId: string }).clientOrderId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { bot_id, quantity, average_entry } of held) {
    const sold = journal.some((entry) => entry.seq > seq && entry.type === 'fill' && entry.botId === bot_id)
    const { position } = engine.state().bots.find(({ id }) => id === bot_id)!
    if (!sold) expect([position.quantity, position.averageEntry]).toEqual([quantity, average_entry])
  }
})
