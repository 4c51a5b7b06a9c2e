import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EngineError } from '@millrace/core'
import { fakeEngine } from '../../test/fake-engine.ts'
import { aFill, anAlert, aSale } from '../../test/hand-made-facts.ts'
import { handMadeState } from '../../test/hand-made-state.ts'
import type { FakeEngine } from '../../test/fake-engine.ts'
import { createEventLog } from './event-log.ts'
import type { EventLog } from './event-log.ts'
import { eventStream } from './event-stream.ts'

interface Received {
  readonly id: string | undefined
  readonly event: string
  readonly data: Record<string, unknown>
  readonly atMs: number
}

const pace = { minIntervalMs: 250, heartbeatMs: 1_000, retryMs: 1_000 }
const open: (() => Promise<void>)[] = []
let engine: FakeEngine
let log: EventLog

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] })
  engine = fakeEngine()
  log = createEventLog(engine, { keep: 4, refreshMs: 60_000 })
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
  log.close()
  vi.useRealTimers()
})

/** Reads a stream into lists, as a browser would. */
function listen(lastEventId?: string): { readonly events: Received[]; readonly comments: string[]; readonly ended: () => boolean; close(): Promise<void> } {
  const reader = eventStream(log, lastEventId, pace, () => undefined).getReader()
  const events: Received[] = []
  const comments: string[] = []
  const decoder = new TextDecoder()
  let ended = false
  const run = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      for (const block of decoder.decode(value).split('\n\n').filter(Boolean)) {
        const field = (name: string): string | undefined =>
          block
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2)
        const event = field('event')
        if (block.startsWith(':')) comments.push(block)
        else if (event !== undefined)
          events.push({ id: field('id'), event, data: JSON.parse(field('data')!) as Record<string, unknown>, atMs: performance.now() })
      }
    }
    ended = true
  }
  void run()
  const close = (): Promise<void> => reader.cancel()
  open.push(close)
  return { events, comments, ended: () => ended, close }
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const types = (events: readonly Received[]): string[] => events.map((each) => each.event)

describe('a page that opens', () => {
  it('gets the state at once, then what happens', async () => {
    const page = listen()
    await pass(1)
    expect(page.events).toMatchObject([{ event: 'state', data: { equity: handMadeState(0).equity } }])
    engine.fill(aFill)
    engine.alert(anAlert)
    await pass(300)
    expect(page.events.slice(1)).toMatchObject([
      { event: 'fill', data: { fill_id: 'f-1', realized_pnl: '0' } },
      { event: 'alert', data: { code: 'STALE_DATA', bot_id: 'aero' } },
    ])
  })
  it('is not told again what happened before', async () => {
    engine.fill(aFill)
    const page = listen()
    await pass(2_000)
    expect(types(page.events)).toEqual(['state'])
  })
  it('gets at most four states a second, and the last one always', async () => {
    const page = listen()
    for (let tick = 1; tick <= 200; tick++) {
      engine.show(handMadeState(tick))
      await pass(10)
    }
    await pass(300)
    const states = page.events.filter((each) => each.event === 'state')
    expect(states.length).toBeGreaterThan(6)
    for (let i = 1; i < states.length; i++) expect(states[i]!.atMs - states[i - 1]!.atMs).toBeGreaterThanOrEqual(pace.minIntervalMs)
    expect(states.at(-1)!.data.last_seq).toBe(handMadeState(200).lastSeq)
  })
  it('hears that the line is alive while nothing happens', async () => {
    const page = listen()
    await pass(5_000)
    expect(page.comments.length).toBeGreaterThanOrEqual(3)
    expect(types(page.events)).toEqual(['state'])
  })
})

describe('a page that comes back', () => {
  it('gets each event it missed, once and in order, and none it has seen [row 81]', async () => {
    const before = listen()
    engine.fill(aFill)
    await pass(300)
    await before.close()
    engine.fill(aSale)
    engine.alert(anAlert)
    const after = listen(before.events.at(-1)!.id)
    await pass(300)
    expect(after.events.filter((each) => each.event !== 'state')).toMatchObject([{ event: 'fill', data: { fill_id: 'f-2' } }, { event: 'alert' }])
    expect(types(after.events)).toContain('state')
    expect(types(after.events)).not.toContain('gap')
    const ids = after.events.map((each) => Number(each.id!.split('-')[1]))
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
  })
  it('is told when more happened than is kept [row 81]', async () => {
    const before = listen()
    await pass(1)
    await before.close()
    for (let n = 0; n < 6; n++) engine.fill({ ...aFill, fillId: `n-${n}` })
    const after = listen(before.events.at(-1)!.id)
    await pass(300)
    expect(types(after.events)).toEqual(['state', 'gap', 'fill', 'fill', 'fill', 'fill'])
    expect(after.events.slice(2).map((each) => each.data.fill_id)).toEqual(['n-2', 'n-3', 'n-4', 'n-5'])
  })
  it('is told when the server is another one, or the id none of ours', async () => {
    for (const id of ['0badcafe-1', 'rubbish', `${log.idOf(1).split('-')[0]}-999`, '']) {
      const page = listen(id)
      await pass(10)
      expect(types(page.events)).toEqual(['gap', 'state'])
    }
  })
})

describe('the log', () => {
  it('asks the engine for a state where none comes, so that ages grow', async () => {
    log.close()
    log = createEventLog(engine, { refreshMs: 5_000 })
    const page = listen()
    await pass(16_000)
    expect(types(page.events)).toEqual(['state', 'state', 'state', 'state'])
  })
  it('reports an engine that cannot answer, and goes on; one that has not started is no failure', async () => {
    log.close()
    const errors: unknown[] = []
    log = createEventLog(
      {
        ...engine,
        state: () => {
          throw new Error('no state')
        },
      },
      { refreshMs: 5_000, onError: (error) => errors.push(error) },
    )
    await pass(11_000)
    expect(errors).toHaveLength(2)
    log.close()
    log = createEventLog(
      {
        ...engine,
        state: () => {
          throw new EngineError('NOT_RUNNING', 'not yet')
        },
      },
      { refreshMs: 5_000, onError: (error) => errors.push(error) },
    )
    await pass(11_000)
    expect(errors).toHaveLength(2)
  })
  it('ends every stream with a word when it closes, and listens no more', async () => {
    const pages = [listen(), listen()]
    await pass(1_000)
    log.close()
    await pass(300)
    for (const page of pages) {
      expect(page.events.at(-1)).toMatchObject({ event: 'end' })
      expect(page.ended()).toBe(true)
    }
    const { seq } = log
    engine.fill(aFill)
    expect(log.seq).toBe(seq)
  })
})
