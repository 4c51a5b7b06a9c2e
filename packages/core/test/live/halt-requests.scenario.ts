import { memoryStore } from '@millrace/core'
import type { Engine, HaltAsked, StoreFactory } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { liveRun } from './live-run.ts'
import type { LiveRun } from './live-run.ts'

/** A live run that is halted by a request from outside, which somebody has looked at since. */
async function halted(): Promise<{ readonly run: LiveRun; readonly engine: Engine; readonly halt: { asked: HaltAsked | undefined } }> {
  const halt: { asked: HaltAsked | undefined } = { asked: { reason: 'prices look wrong', atMs: 1 } }
  const memory = memoryStore()
  const store: StoreFactory = {
    open: (request) => ({
      ...memory.open({ ...request, storeId: '00000000-0000-8000-8000-000000000001' }),
      halt: { requested: () => halt.asked, acknowledge: () => undefined, clear: () => (halt.asked = undefined) },
    }),
  }
  const run = await liveRun()
  await run.engine.stop()
  const engine = await run.again({ store })
  expect(engine.state().tradingState).toBe('halted')
  return { run, engine, halt }
}

/** Re-arms, while somebody does something as the books are compared. */
async function rearmWhile({ run, engine }: { readonly run: LiveRun; readonly engine: Engine }, act: () => void): Promise<unknown> {
  const rearmed = engine.rearm().then(
    () => 'armed',
    (error: unknown) => error,
  )
  act()
  await run.seconds(10)
  return rearmed
}

describe('a stop asked for from outside while a re-arm compares the books', () => {
  it.each([
    ['for another reason', { reason: 'once more', atMs: 1 }],
    ['for the same reason, later', { reason: 'prices look wrong', atMs: 2 }],
  ])('[fault 57] %s: stands, although an older one was there', async (_, second) => {
    const at = await halted()
    const outcome = await rearmWhile(at, () => (at.halt.asked = second))
    expect(outcome).toMatchObject({ code: 'RECONCILE_FAILED', message: expect.stringContaining('an emergency stop came') as string })
    expect([at.engine.state().tradingState, at.halt.asked]).toEqual(['halted', second])
    // Whoever looks at that one as well may re-arm.
    expect(await rearmWhile(at, () => undefined)).toBe('armed')
    expect([at.engine.state().tradingState, at.halt.asked]).toEqual(['active', undefined])
    await at.engine.stop()
  })

  it('[fault 57] just before it, and not seen yet: stands', async () => {
    const at = await halted()
    at.halt.asked = { reason: 'a moment ago', atMs: 3 }
    expect(await rearmWhile(at, () => undefined)).toMatchObject({ code: 'RECONCILE_FAILED' })
    expect([at.engine.state().tradingState, at.halt.asked]).toEqual(['halted', { reason: 'a moment ago', atMs: 3 }])
    await at.engine.stop()
  })

  it('that is the old one, and was taken back meanwhile, does not hold the re-arm', async () => {
    const at = await halted()
    expect(await rearmWhile(at, () => (at.halt.asked = undefined))).toBe('armed')
    await at.engine.stop()
  })
})
