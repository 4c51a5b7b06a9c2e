import { describe, expect, test } from 'vitest'
import { campaignOptions, runCampaign } from '../../scripts/lib/campaign.ts'
import { enginePlaces, wirePlaces } from '../../packages/coinbase-adapter/test/deaths/places.ts'
import { campaign as faults } from '../../scripts/campaigns/faults.ts'
import { campaign as kill } from '../../scripts/campaigns/kill.ts'
import { campaign as venue } from '../../scripts/campaigns/venue.ts'
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

test('what all seeds together lack is a failure, and stands in the record', async () => {
  const campaign = {
    title: 'lacks',
    run: async () => ({ kills: 10 }),
    lacks: ({ kills }: Readonly<Record<string, number>>) => (kills! < 25 ? [`${kills} kills`] : []),
  }
  const after = async (seeds: number) =>
    (await runCampaign('lacks', campaign, { firstSeed: 1, seeds, seconds: Number.POSITIVE_INFINITY }, clock(), quiet)).result
  expect(await after(2)).toEqual({ campaign: 'lacks', failures: 1, figures: { kills: 20 }, lacks: ['20 kills'] })
  expect(await after(3)).toEqual({ campaign: 'lacks', failures: 0, figures: { kills: 30 } })
})

test('the kill campaign lacks what died less often at a place than one time in fifty, before or after it', () => {
  const everywhere = (kills: number, each: number) => ({
    kills,
    ...Object.fromEntries(enginePlaces.flatMap((place) => [`before ${place}`, `after ${place}`]).map((name) => [name, each])),
    ...Object.fromEntries([...wirePlaces, 'anywhere'].map((name) => [name, each])),
  })
  expect(kill.lacks!(everywhere(1_000, 20), { venue: 'simulator' })).toEqual([])
  const few = { ...everywhere(1_049, 20), 'after commit:fill': 19, 'wire:create:flying': 0 }
  const words = (name: string, count: number): string => `${name}: expected at least 20 of 1049 kills there, received ${count}`
  expect(kill.lacks!(few, { venue: 'simulator' })).toEqual([words('after commit:fill', 19), words('wire:create:flying', 0)])
  // On paper there is no wire.
  expect(kill.lacks!(few, { venue: 'paper' })).toEqual([words('after commit:fill', 19)])
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

test('a campaign is told how long it still has, and its options', async () => {
  const told: unknown[] = []
  const campaign = { title: 'asks', run: async (_: number, settings: unknown) => (told.push(settings), {}) }
  await runCampaign('asks', campaign, { firstSeed: 1, seeds: 2, seconds: 10, options: { share: '1' } }, clock(), quiet)
  expect(told).toMatchObject([
    { secondsLeft: 9, options: { share: '1' } },
    { secondsLeft: 6, options: { share: '1' } },
  ])
})

test('an option is one that the campaign has, and keeps its value unless it is set', () => {
  const campaign = { title: 'a', options: { share: '0.5', only: '' }, run: async () => ({}) }
  expect(campaignOptions(campaign, ['share=1', 'only=a=b'])).toEqual({ share: '1', only: 'a=b' })
  expect(campaignOptions(campaign, [])).toEqual({ share: '0.5', only: '' })
  expect(() => campaignOptions(campaign, ['shares=1'])).toThrow('--set: expected one of share, only, received shares')
  expect(() => campaignOptions({ title: 'b', run: async () => ({}) }, ['share=1'])).toThrow('expected one of none')
})

describe('what the campaigns of fault schedules print with --json', () => {
  const sums = ['duplicateOrders', 'lostFills', 'doubleFills', 'ledgerMismatches', 'limitBreaches', 'stuckIntents']
  const keys = ['seeds', 'schedules', 'faults', ...sums, 'wallMs']

  test('each schedule of the kit is counted, the faults by kind, and the same seeds give the same hash', async () => {
    const limits = { firstSeed: 1, seeds: 2, seconds: Number.POSITIVE_INFINITY, options: { ...faults.options, minutes: '4' } }
    const lines = []
    for (let i = 0; i < 2; i++) lines.push(faults.json!({ commit: '', machine: '', ...(await runCampaign('faults', faults, limits, clock(), quiet)) }))
    const [line, again] = lines as Record<string, unknown>[]
    expect(Object.keys(line!)).toEqual([...keys, 'hash', 'schedulesPerSecond'])
    expect(line).toMatchObject({ seeds: 2, schedules: 2, ...Object.fromEntries(sums.map((sum) => [sum, 0])) })
    expect(Object.values(line!['faults'] as object).every((n) => Number.isInteger(n) && n > 0)).toBe(true)
    expect(line!['hash']).toMatch(/^[0-9a-f]{64}$/)
    expect(again!['hash']).toBe(line!['hash'])
    expect(line!['wallMs']).toBeGreaterThan(0)
    expect(line!['schedulesPerSecond']).toBeGreaterThan(0)
  })

  test('what went wrong stands in the line', () => {
    const figures = { schedules: 3, orders: 9, lostFills: 2, wallMs: 1_000.4, 'fault.requestLost': 7 }
    const line = venue.json!({ commit: '', machine: '', seeds: 3, seconds: 1, result: { campaign: 'venue', failures: 1, figures } })
    expect(Object.keys(line)).toEqual(keys)
    expect(line).toMatchObject({ seeds: 3, schedules: 3, faults: { requestLost: 7 }, lostFills: 2, doubleFills: 0, wallMs: 1_000 })
  })
})
