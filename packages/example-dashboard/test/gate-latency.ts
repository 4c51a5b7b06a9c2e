import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { createEngine, paper, parseConfig, simulatedMarket } from '@millrace/core'
import type { StoreFactory } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { bundled } from './configs.ts'

/** Market seconds in a second: 1,320 prices and, every minute of them, a decision of each bot. */
const SPEED = 600

// A thread of its own asks, as a request from outside would: whatever keeps the engine's thread busy is part of the answer.
const asking = `
  const { parentPort } = require('node:worker_threads')
  parentPort.on('message', (afterMs) => setTimeout(() => parentPort.postMessage(process.hrtime.bigint()), afterMs))
`

/**
 * Eleven bots on a market at {@link SPEED} with a real file, and emergency stops asked for from another thread. Returns for each stop how long it took from there
 * until the latch was on disk, in ms.
 */
export async function gateLatencies(seed: number, stops: number): Promise<readonly number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-gate-'))
  let latchedAt = 0n
  const { bots, account, environment } = parseConfig(bundled())
  const engine = createEngine({
    market: simulatedMarket({ seed, speed: SPEED }),
    exchange: paper({ cash: account.cash, fees: account.fees }),
    store: watched(sqliteStore(join(folder, 'trader.db')), () => (latchedAt = process.hrtime.bigint())),
    bots,
    safety: account.safety,
    environment,
  })
  const worker = new Worker(asking, { eval: true })
  const took: number[] = []
  try {
    await engine.start()
    for (let n = 0; n < stops; n++) {
      const askedAt = new Promise<bigint>((resolve) => worker.once('message', resolve))
      worker.postMessage(5 + ((seed * 7 + n * 13) % 45))
      const from = await askedAt
      await engine.emergencyStop()
      took.push(Number(latchedAt - from) / 1e6)
      await engine.rearm()
    }
    await engine.stop()
    return took
  } finally {
    await worker.terminate()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Tells when a latch is on disk. */
const watched = (inner: StoreFactory, latched: () => void): StoreFactory => ({
  open(request) {
    const store = inner.open(request)
    return {
      ...store,
      append(batch, guard) {
        const result = store.append(batch, guard)
        if (batch.some(({ type, data }) => type === 'latch' && (data as { readonly state: string }).state === 'halted')) latched()
        return result
      },
    }
  },
})
