import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { rangeMeasured, rangeMeasuredText } from '../../packages/core/src/backtest/range-measured.ts'
import type { CampaignRecord } from '../../scripts/lib/campaign.ts'

test('what reports say of the range is what the last campaign measured', () => {
  const records = readFileSync(new URL('../../docs/campaigns.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CampaignRecord)
  const { figures } = records.findLast(({ result }) => result.campaign === 'range')!.result
  const both = (name: string): number => figures[`fixed${name}`]! + figures[`trailing${name}`]!
  expect(rangeMeasured).toEqual({ runs: both('Runs'), runsInside: both('RunsInside'), trips: both('Trips'), tripsInside: both('TripsInside') })
  expect(readFileSync(new URL('../../docs/concepts/statistics.md', import.meta.url), 'utf8').replaceAll('\n', ' ')).toContain(rangeMeasuredText)
})
