import { writeSync } from 'node:fs'
import type { At, StoreFactory } from '@millrace/core'

// What processes share that are there to die: each says how far it came and ends without a word at a place that it was told.

/** Written at once, past every buffer: what was said before a kill has been said. */
export const say = (line: string): void => void writeSync(1, `${line}\n`)

/** Nothing of the process runs after this. */
export function die(): never {
  process.kill(process.pid, 'SIGKILL')
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
}

/** Dies before or after what is done at a place. */
export const dyingAt =
  (isHere: (point: Parameters<At>[0]) => boolean, when: 'before' | 'after'): At =>
  (point, action) => {
    const dies = isHere(point)
    if (dies && when === 'before') die()
    const result = action()
    if (dies) die()
    return result
  }

/** A store that says `open <seq>` when it is opened, and `acked <seq>` after every append that returned. */
export const tellingStore = (factory: StoreFactory): StoreFactory => ({
  open(request) {
    const store = factory.open(request)
    say(`open ${store.lastSeq()}`)
    return Object.assign(Object.create(store, {}) as typeof store, {
      append(...args: Parameters<typeof store.append>) {
        const result = store.append(...args)
        if (result === 'ok' && args[0].length > 0) say(`acked ${args[0].at(-1)!.seq}`)
        return result
      },
    })
  },
})
