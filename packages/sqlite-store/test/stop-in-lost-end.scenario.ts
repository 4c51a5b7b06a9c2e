import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { backupStore, openJournal, restoreStore, sqliteStore } from '@millrace/sqlite-store'
import { sha256Hex } from '@millrace/core'
import type { At, Engine } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { candles, handMarket, levelBot, levelEngine } from '../../core/test/levels.ts'
import { checkedJournal } from '../../core/test/checked-journal.ts'
import { readHighWater } from '../src/high-water.ts'
import { inMemory, temporaryFiles } from './temporary-folder.ts'

const newFile = temporaryFiles(inMemory)
const bots = [levelBot({ safety: [] })]
const prices = candles([105, 99, 99, 111])
/** Whoever may trade buys here. */
const later = candles([99], 20)

type Act = (engine: Engine, path: string) => unknown

/** A day that acts and then goes on for a while, as a kill leaves it: file, log and high-water file. `logs`: length of the log before each act, and at the end. */
async function killedAfter(...acts: readonly Act[]): Promise<{ readonly path: string; readonly logs: readonly number[] }> {
  const [path, copy] = [newFile(), newFile()]
  const market = handMarket()
  const engine = levelEngine(market, sqliteStore(path), bots)
  await engine.start()
  market.push(...prices)
  const logs: number[] = []
  const logSize = (): number => logs.push(statSync(`${path}-wal`).size)
  for (const [i, act] of acts.entries()) {
    logSize()
    await act(engine, path)
    market.push(...candles([105, 104], 5 + 2 * i))
  }
  logSize()
  copyFiles(path, copy)
  await engine.stop()
  return { path: copy, logs }
}

/** File, log and high-water file as they stand. */
function copyFiles(from: string, to: string): void {
  for (const suffix of ['', '-wal', '.high-water']) if (existsSync(`${from}${suffix}`)) copyFileSync(`${from}${suffix}`, `${to}${suffix}`)
}

const stop: Act = (engine) => engine.emergencyStop({ cancelOpenOrders: true })
const rearm: Act = (engine) => engine.rearm()

/** A copy of what a kill left, with a log that ends earlier. */
function cutCopy(path: string, length: number): string {
  const copy = newFile()
  copyFiles(path, copy)
  writeFileSync(`${copy}-wal`, readFileSync(`${copy}-wal`).subarray(0, length))
  return copy
}

interface Next {
  readonly state: string
  readonly orders: number
  readonly alerts: readonly string[]
}

/** The next run on a file: what it may do, what it does when prices invite it, and what it says. */
async function nextRun(path: string, act: Act = () => undefined): Promise<Next> {
  const market = handMarket()
  const engine = levelEngine(market, sqliteStore(path), bots)
  const alerts: string[] = []
  engine.on('alert', ({ code, detail }) => alerts.push(code === 'EMERGENCY_STOP' ? `${code}: ${detail}` : code))
  await engine.start()
  const { tradingState: state } = engine.state()
  await act(engine, path)
  const before = engine.rows('orders').length
  market.push(...later)
  const orders = engine.rows('orders').length - before
  await engine.stop()
  return { state, orders, alerts }
}

/** What the part of a journal that is kept says by itself. */
function keptState(path: string): string {
  const journal = openJournal(path)
  const latch = journal.read({ types: ['latch'], limit: 1_000 }).at(-1)
  journal.close()
  return latch === undefined ? 'active' : (latch.data as { readonly state: string }).state
}

const HALTED_AGAIN = 'EMERGENCY_STOP: trading was halted in the end of the journal that was lost, and is halted again; look at the account, then re-arm'

describe('an emergency stop in the lost end of a journal', () => {
  test('[fault 44] stands after the start, wherever the log was cut: nothing leaves until a person re-arms', async () => {
    const { path, logs } = await killedAfter(stop)
    const [before, end] = logs as readonly [number, number]
    const lengths = [before * 0.7, before, before + 100, (before + end) / 2, end - 1, end].map(Math.floor)
    const kept: string[] = []
    for (const length of lengths) {
      const copy = cutCopy(path, length)
      const had = keptState(copy)
      kept.push(had)
      const { state, orders, alerts } = await nextRun(copy)
      expect([length, state, orders]).toEqual([length, 'halted', 0])
      expect(alerts).toEqual(length === end ? [] : [...(had === 'halted' ? [] : [HALTED_AGAIN]), 'JOURNAL_TAIL_LOST'])
    }
    expect(new Set(kept)).toEqual(new Set(['active', 'halted']))
    const copy = cutCopy(path, before)
    await nextRun(copy)
    // And after the start that found it.
    expect(await nextRun(copy, rearm)).toEqual({ state: 'halted', orders: 1, alerts: [] })
    expect(await nextRun(copy)).toMatchObject({ state: 'active', alerts: [] })
    checkedJournal(sqliteStore(copy))
  })

  test('[fault 46] stands when a backup from before it is put in place', async () => {
    let file = ''
    const { path } = await killedAfter((_, live) => (file = backupStore(live, `${newFile()}.backup`).file), stop)
    restoreStore(file, path, { replace: true })
    expect(keptState(path)).toBe('active')
    expect(await nextRun(path)).toEqual({ state: 'halted', orders: 0, alerts: [HALTED_AGAIN, 'JOURNAL_TAIL_LOST'] })
  })

  test('is latched with the loss in one commit: a process that dies over it finds both again, or neither', async () => {
    const { path, logs } = await killedAfter(stop)
    const copy = cutCopy(path, logs[0]!)
    const mark = readFileSync(`${copy}.high-water`)
    await nextRun(copy)
    const journal = checkedJournal(sqliteStore(copy))
    const first = journal.findIndex(({ type }) => type === 'tailLost')
    expect(journal.slice(first - 1, first + 3).map(({ type }) => type)).toEqual(['runStarted', 'tailLost', 'latch', 'alert'])
    // As if it had died before it lowered its mark: the loss is known, and so is the stop.
    writeFileSync(`${copy}.high-water`, mark)
    expect(await nextRun(copy)).toEqual({ state: 'halted', orders: 0, alerts: [] })
  })

  test('can be explained: the run that found it is run again, to the same bytes', async () => {
    const { path, logs } = await killedAfter(stop)
    const copy = cutCopy(path, logs[0]!)
    for (const older of [false, true]) {
      const one = cutCopy(copy, logs[0]!)
      if (older) beforeItWasSaid(one)
      const market = handMarket()
      const engine = levelEngine({ ...market, events: () => later }, sqliteStore(one), bots)
      await engine.start()
      market.push(...later)
      expect((await engine.explain('btc', { at: later[0]!.atMs })).timeMs).toBe(later[0]!.atMs)
      await engine.stop()
    }
  })
})

describe('the promise of a stop', () => {
  /** An engine on a file; `before` is asked before its high-water file is written. */
  async function marked(before: (path: string) => void): Promise<{ readonly path: string; readonly engine: Engine }> {
    const path = newFile()
    const at: At = (point, action) => {
      if (point === 'store:high-water') before(path)
      return action()
    }
    const engine = levelEngine(handMarket(), sqliteStore(path, { at }), bots)
    await engine.start()
    return { path, engine }
  }

  test('is kept once the high-water file knows of it', async () => {
    const seen: (boolean | undefined)[] = []
    const { path, engine } = await marked((file) => seen.push(readHighWater(file)?.halted))
    seen.length = 0
    const atPromise = engine.emergencyStop().then(() => readHighWater(path)?.halted)
    expect([await atPromise, seen[0]]).toEqual([true, false])
    await engine.stop()
  })

  test('is broken when the high-water file cannot be written: the stop stands in the journal, the engine ends, nobody is told that all is well', async () => {
    let broken = false
    const { path, engine } = await marked(() => {
      if (broken) throw new Error('an error of the disk')
    })
    broken = true
    const failures = await Promise.allSettled([engine.emergencyStop(), engine.finished])
    expect(failures).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { code: 'JOURNAL_FAILED' } })))
    expect(await nextRun(path)).toMatchObject({ state: 'halted', orders: 0 })
  })

  test('a re-arm that the high-water file did not come to know of counts where nothing is lost, and not where its end is', async () => {
    const died = newFile()
    let rearming = false
    const { engine } = await marked((file) => rearming && !existsSync(died) && copyFiles(file, died))
    await engine.emergencyStop()
    rearming = true
    await engine.rearm()
    await engine.stop()
    expect(readHighWater(died)).toMatchObject({ halted: true })
    const cut = cutCopy(died, statSync(`${died}-wal`).size - 1)
    expect([keptState(died), keptState(cut)]).toEqual(['active', 'halted'])
    expect(await nextRun(died)).toMatchObject({ state: 'active', alerts: [] })
    expect(await nextRun(cut)).toMatchObject({ state: 'halted', orders: 0 })
  })
})

describe('a lost end that leaves trading as it was', () => {
  test.each([
    ['no stop', [(engine: Engine) => engine.pause(), (engine: Engine) => engine.resume()]],
    ['a stop that was re-armed', [stop, rearm]],
  ] as const)('%s: what halts is what is kept, and no more', async (_, acts) => {
    const { path, logs } = await killedAfter(...acts)
    const [before, between, end] = logs as readonly [number, number, number]
    for (const length of [Math.floor(before / 2), before, before + 100, between, Math.floor((between + end) / 2), end - 1]) {
      const copy = cutCopy(path, length)
      const kept = keptState(copy)
      const { state, orders, alerts } = await nextRun(copy)
      expect([length, state, alerts]).toEqual([length, kept, ['JOURNAL_TAIL_LOST']])
      expect(orders > 0).toBe(kept === 'active')
    }
    expect(keptState(cutCopy(path, before))).toBe('active')
  })
})

describe('a high-water file from before it said whether trading was halted', () => {
  test('halts when the end is lost, because nobody knows, and says so; a person re-arms', async () => {
    const { path, logs } = await killedAfter(() => undefined)
    const copy = cutCopy(path, logs[0]!)
    beforeItWasSaid(copy)
    const unknown =
      'EMERGENCY_STOP: nothing tells whether trading was halted in the end of the journal that was lost: it is halted now; look at the account, then re-arm'
    expect(await nextRun(copy, rearm)).toEqual({ state: 'halted', orders: 1, alerts: [unknown, 'JOURNAL_TAIL_LOST'] })
    expect(await nextRun(copy)).toMatchObject({ state: 'active', alerts: [] })
  })

  test('halts nothing where nothing is lost', async () => {
    const { path, logs } = await killedAfter(() => undefined)
    const copy = cutCopy(path, logs.at(-1)!)
    beforeItWasSaid(copy)
    expect(await nextRun(copy)).toEqual({ state: 'active', orders: 1, alerts: [] })
  })
})

/** Writes a high-water file in the form that it had before. */
function beforeItWasSaid(path: string): void {
  const slots = readFileSync(`${path}.high-water`, 'latin1').trimEnd().split(/ *\n/)
  const bodies = slots.map((slot) => /^v2 (\d+ \S+ \S+) (?:on|halted) \S+/.exec(slot)![1]!)
  writeFileSync(`${path}.high-water`, bodies.map((body) => `${`${body} ${sha256Hex(body).slice(0, 16)}`.padEnd(255)}\n`).join(''))
}
