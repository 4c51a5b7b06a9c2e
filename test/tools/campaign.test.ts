import { expect, test } from 'vitest'
import { runCampaign } from '../../scripts/lib/campaign.ts'
import { machine } from '../../scripts/lib/machine.ts'

/** A clock on which each look takes a second. */
const clock = (): (() => number) => {
  let seconds = 0
  return () => seconds++
}
const quiet = (): void => undefined

test('a campaign asks seed after seed and adds the figures up', async () => {
  const asked: number[] = []
  const run = async (seed: number): Promise<Record<string, number>> => {
    asked.push(seed)
    return { fills: seed }
  }
  const record = await runCampaign('sums', { title: 'sums', run }, { firstSeed: 5, seeds: 3, seconds: Number.POSITIVE_INFINITY }, clock(), quiet)
  expect(asked).toEqual([5, 6, 7])
  expect(record).toMatchObject({ seeds: 3, result: { campaign: 'sums', failures: 0, figures: { fills: 18 } } })
})

test('a failing seed is counted and named, and the campaign goes on', async () => {
  const run = async (seed: number): Promise<Record<string, number>> => {
    if (seed > 1) throw new Error(`broke at ${seed}`)
    return { fills: 1 }
  }
  const { seeds, result } = await runCampaign('breaks', { title: 'breaks', run }, { firstSeed: 1, seeds: 3, seconds: Number.POSITIVE_INFINITY }, clock(), quiet)
  expect(seeds).toBe(3)
  expect(result).toEqual({ campaign: 'breaks', failures: 2, firstFailure: { seed: 2, error: 'broke at 2' }, figures: { fills: 1 } })
})

test('no seed is begun when the time is over', async () => {
  const record = await runCampaign(
    'long',
    { title: 'long', run: async () => ({}) },
    { firstSeed: 1, seeds: Number.POSITIVE_INFINITY, seconds: 10 },
    clock(),
    quiet,
  )
  expect(record.seeds).toBeGreaterThan(1)
  expect(record.seeds).toBeLessThan(10)
})

test('the machine is described by its processor and its Node, by nothing that identifies anybody', () => {
  expect(machine()).toMatch(/^.+ x \d+, node v\d+\.\d+\.\d+$/)
})
