import type { Exchange } from '@millrace/core'
import { expect, test } from 'vitest'
import { liveRun } from './live-run.ts'

const ofAccount = (account: () => Promise<string | undefined>) => (inner: Exchange) => Object.assign(Object.create(inner) as Exchange, { account })

test('the store of a live run belongs to one account for good: a key of another one is refused before anything is asked of the venue', async () => {
  let name: string | undefined = 'portfolio 1'
  const run = await liveRun({ exchange: ofAccount(async () => name) })
  await run.engine.stop()
  await (await run.again()).stop()
  for (const other of ['portfolio 2', undefined]) {
    name = other
    await expect(run.again()).rejects.toMatchObject({
      code: 'STORE_MISMATCH',
      message: expect.stringContaining('belongs to account portfolio 1; this run trades on') as string,
    })
  }
  name = 'portfolio 1'
  await (await run.again()).stop()
})
