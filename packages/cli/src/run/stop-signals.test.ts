import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onStopSignals, stopLimitMs } from './stop-signals.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp() {
  const target = new EventEmitter()
  const exit = vi.fn<(code: number, why: string) => void>()
  const time = { nowMs: 0 }
  const signals = onStopSignals(target, exit, () => time.nowMs)
  return { target, exit, time, signals }
}

describe('onStopSignals', () => {
  it('asks for a clean stop at the first signal', async () => {
    const { target, exit, signals } = setUp()
    target.emit('SIGTERM')
    expect(await signals.requested).toBe('SIGTERM')
    expect(exit).not.toHaveBeenCalled()
  })
  it('takes a signal that comes twice for one key press as one', () => {
    const { target, exit, time } = setUp()
    target.emit('SIGINT')
    time.nowMs = 500
    target.emit('SIGINT')
    expect(exit).not.toHaveBeenCalled()
  })
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('ends the process at once at a second %s', (signal, status) => {
    const { target, exit, time } = setUp()
    target.emit('SIGINT')
    time.nowMs = 501
    target.emit(signal)
    expect(exit).toHaveBeenCalledExactlyOnceWith(status, expect.stringContaining('second'))
  })
  it('ends the process when the stop takes longer than the limit, and not a moment before', () => {
    const { target, exit } = setUp()
    target.emit('SIGINT')
    vi.advanceTimersByTime(stopLimitMs - 1)
    expect(exit).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(exit).toHaveBeenCalledExactlyOnceWith(1, expect.stringContaining('3 seconds'))
  })
  it('lets go of the signals and of the limit when the run is over', () => {
    const { target, exit, signals } = setUp()
    target.emit('SIGINT')
    signals.dispose()
    vi.advanceTimersByTime(stopLimitMs * 2)
    expect(exit).not.toHaveBeenCalled()
    expect(target.listenerCount('SIGINT') + target.listenerCount('SIGTERM')).toBe(0)
  })
})
