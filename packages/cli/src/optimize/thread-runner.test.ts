import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { threadRunner } from './thread-runner.ts'

it('leaves nothing behind on the signal, however many lists of trials it runs', async () => {
  const task = { config: {}, bot: 'sol', parameters: [], seed: 7, gapPolicy: 'skip' } as const
  const runner = threadRunner({ task, series: [], folder: '.' }, 0)
  const { signal } = new AbortController()
  for (let i = 0; i < 3; i++) await runner.run([], { fromMs: 0, toMs: 1 }, { signal, onTrial: () => undefined })
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  await runner.close()
})
