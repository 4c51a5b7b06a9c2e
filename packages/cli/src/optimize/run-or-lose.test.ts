import { expect, it } from 'vitest'
import { allRun, runOrLose } from './run-or-lose.ts'
import { ThreadLost } from './trial-threads.ts'

const parameters = [{ name: 'fast', values: [5, 8, 13, 21] }]
const window = { fromMs: 0, toMs: 1 }

it('finds the trial of a chunk that ends its thread, and has the results of the others', async () => {
  const asked: (readonly number[])[] = []
  const threads = {
    run: async (points: readonly number[]) => {
      asked.push(points)
      if (points.includes(2)) throw new ThreadLost('did not end within 10m')
      return { outcomes: points.map((point) => ({ refused: `no ${point}` })), ms: 1 }
    },
  }
  const { outcomes } = await runOrLose(threads, parameters, [0, 2, 3], window)
  expect(outcomes).toEqual([{ refused: 'no 0' }, { lost: 'the trial fast 13 did not end within 10m' }, { refused: 'no 3' }])
  expect(asked).toEqual([[0, 2, 3], [0], [2], [3]])
  expect([allRun(outcomes), allRun([outcomes[0]!])]).toEqual([false, true])
})

it('lets everything else that fails end the search', async () => {
  const run = () => Promise.reject(new Error('a thread ended before its first trial: no memory'))
  await expect(runOrLose({ run }, parameters, [0, 1], window)).rejects.toThrow('no memory')
})
