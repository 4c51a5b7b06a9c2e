import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { sqliteStore } from '@millrace/sqlite-store'
import type { Alert, EngineState, JournalEntry } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { candles, handMarket, levelBot, levelEngine } from '../../core/test/levels.ts'
import { checkedJournal } from '../../core/test/checked-journal.ts'
import { inMemory, temporaryFiles } from './temporary-folder.ts'

const newFile = temporaryFiles(inMemory)
const bots = [levelBot({ safety: [] })]
/** Buys, sells, buys again: three orders, and one more for whoever goes on. */
const prices = candles([105, 99, 99, 111, 111, 99, 99, 105])
const later = candles([111, 111, 99, 99, 105], prices.length)

interface Run {
  readonly alerts: readonly Alert[]
  readonly state: EngineState
}

/** Runs an engine on a file; `died` is where file, log and high-water file are put as they stand in the middle of the run. */
async function run(path: string, events: typeof prices, died?: string): Promise<Run> {
  const market = handMarket()
  const engine = levelEngine(market, sqliteStore(path), bots)
  const alerts: Alert[] = []
  engine.on('alert', (alert) => alerts.push(alert))
  await engine.start()
  market.push(...events)
  if (died !== undefined) for (const suffix of ['', '-wal', '.high-water']) copyFileSync(`${path}${suffix}`, `${died}${suffix}`)
  const state = engine.state()
  await engine.stop()
  return { alerts, state }
}

const idsOf = (journal: readonly JournalEntry[]): readonly string[] =>
  journal.filter(({ type }) => type === 'intent').map(({ data }) => (data as { clientOrderId: string }).clientOrderId)

const codes = ({ alerts }: Run): readonly string[] => alerts.map(({ code }) => code)

describe('a run whose newest entries the disk lost', () => {
  test('[fault 44] is told so, goes on from what is there, and never gives an order the id of a lost one', async () => {
    const [path, copy] = [newFile(), newFile()]
    await run(path, prices, copy)
    const whole = checkedJournal(sqliteStore(path))
    const log = readFileSync(`${copy}-wal`)
    writeFileSync(`${copy}-wal`, log.subarray(0, Math.floor(log.length * 0.55)))

    const second = await run(copy, later)
    const journal = checkedJournal(sqliteStore(copy))
    const loss = journal.find(({ type }) => type === 'tailLost')!
    const data = loss.data as { readonly entries: number; readonly upTo: number }
    // Right behind the start of the run that found it, and as many as there were.
    expect(journal[loss.seq - 2]!.type).toBe('runStarted')
    expect(data.upTo - data.entries).toBe(loss.seq - 2)
    expect(data.entries).toBeGreaterThan(3)
    expect(second.alerts.find(({ code }) => code === 'JOURNAL_TAIL_LOST')).toMatchObject({
      severity: 'critical',
      detail: expect.stringContaining(`ends ${data.entries} entries earlier than it did`) as string,
    })
    // What the first run did after the loss has other ids than what the second one does.
    const kept = idsOf(journal.slice(0, loss.seq))
    const lost = idsOf(whole).filter((id) => !kept.includes(id))
    const made = idsOf(journal).filter((id) => !kept.includes(id))
    expect([lost.length > 0, made.length > 0]).toEqual([true, true])
    expect(made.filter((id) => lost.includes(id))).toEqual([])
    // Told once.
    expect(codes(await run(copy, candles([105], 20)))).not.toContain('JOURNAL_TAIL_LOST')
  })

  test('[fault 46] never gives an order the id of a lost one, also when the same older file is put in place again', async () => {
    const path = newFile()
    await run(path, prices)
    copyFileSync(path, `${path}.kept`)
    await run(path, candles([99, 111, 99, 111, 105], prices.length))
    const made: string[][] = []
    const numbers: number[] = []
    for (let minute = 30; minute < 60; minute += 10) {
      copyFileSync(`${path}.kept`, path)
      await run(path, candles([111, 99, 111, 105], minute))
      const journal = checkedJournal(sqliteStore(path))
      const loss = journal.findIndex(({ type }) => type === 'tailLost')
      numbers.push((journal[loss]!.data as { readonly intentNo: number }).intentNo)
      made.push([...idsOf(journal.slice(loss))])
    }
    expect(made.map((ids) => ids.length > 0)).toEqual([true, true, true])
    expect(new Set(made.flat()).size).toBe(made.flat().length)
    // Beyond whatever was given out in between, however much longer the first history was than what came since.
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    expect(new Set(numbers).size).toBe(3)
  })

  test('without a high-water file says that it cannot know', async () => {
    const path = newFile()
    const first = await run(path, prices)
    rmSync(`${path}.high-water`)
    // Who opens and says nothing leaves it unknown.
    for (const _ of [1, 2]) {
      const store = sqliteStore(path).open({ environment: 'paper' })
      expect(store.tail).toEqual({ state: 'unknown' })
      store.close()
    }
    const second = await run(path, later)
    expect([codes(first), codes(second)]).toEqual([[], ['JOURNAL_TAIL_UNKNOWN']])
    expect(existsSync(`${path}.high-water`)).toBe(true)
    expect(codes(await run(path, candles([105], 20)))).toEqual([])
  })

  test('can explain its past decisions all the same', async () => {
    const [path, copy] = [newFile(), newFile()]
    await run(path, prices, copy)
    const log = readFileSync(`${copy}-wal`)
    writeFileSync(`${copy}-wal`, log.subarray(0, Math.floor(log.length * 0.55)))
    const market = handMarket()
    const engine = levelEngine({ ...market, events: () => later }, sqliteStore(copy), bots)
    await engine.start()
    market.push(...later)
    const decision = await engine.explain('btc', { at: later[2]!.atMs })
    expect(decision.timeMs).toBe(later[2]!.atMs)
    await engine.stop()
  })
})
