import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { campaignOptions, runCampaign } from './lib/campaign.ts'
import type { Campaign, CampaignRecord } from './lib/campaign.ts'
import { killRunningCommands } from './lib/command.ts'
import { commit, machine } from './lib/machine.ts'
import { root } from './lib/repo.ts'

// npm run campaign:<name> -- [--seeds N | --kills N] [--minutes M] [--first-seed S] [--set name=value] [--no-record] [--json]
// Runs scripts/campaigns/<name>.ts seed by seed and appends one line to docs/campaigns.jsonl: the only figures the documents may quote.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    seeds: { type: 'string' },
    kills: { type: 'string' },
    minutes: { type: 'string' },
    'first-seed': { type: 'string', default: '1' },
    set: { type: 'string', multiple: true, default: [] },
    record: { type: 'boolean', default: true },
    json: { type: 'boolean', default: false },
  },
})
const [name] = positionals
if (name === undefined) throw new Error('expected the name of a campaign')

/** Returns a positive number of an option, or another one when it is not given. */
function limit(option: 'seeds' | 'kills' | 'minutes', otherwise: number): number {
  const text = values[option]
  if (text === undefined) return otherwise
  const number = Number(text)
  if (!(number > 0)) throw new RangeError(`--${option}: expected a positive number, received ${text}`)
  return number
}

process.once('SIGINT', () => {
  killRunningCommands()
  process.exit(130)
})

const { campaign } = (await import(`./campaigns/${name}.ts`)) as { campaign: Campaign }
console.error(`${name}: ${campaign.title}`)
if (values.kills !== undefined && campaign.killsPerSeed === undefined) throw new RangeError(`--kills: ${name} kills nothing; say --seeds`)
// Open-ended means that you say how far; where neither you nor the campaign does, ten minutes.
const asMany = campaign.defaults?.seeds ?? Number.POSITIVE_INFINITY
const seeds = values.kills === undefined ? limit('seeds', asMany) : Math.ceil(limit('kills', 0) / campaign.killsPerSeed!)
const minutes = limit('minutes', campaign.defaults?.minutes ?? (values.seeds === undefined && values.kills === undefined ? 10 : Number.POSITIVE_INFINITY))
const startedAt = performance.now()
// Of what was asked: a campaign may write a page of its own.
const asked = commit()
const measured = await runCampaign(
  name,
  campaign,
  {
    firstSeed: Number(values['first-seed']),
    seeds,
    seconds: minutes * 60,
    options: campaignOptions(campaign, values.set),
  },
  () => (performance.now() - startedAt) / 1000,
  (line) => console.error(line),
)
const record: CampaignRecord = { commit: asked, machine: machine(), ...measured }
if (values.record) appendFileSync(join(root, 'docs', 'campaigns.jsonl'), `${JSON.stringify(record)}\n`)
console.log(
  values.json
    ? JSON.stringify(campaign.json?.(record) ?? record)
    : `${record.seeds} seeds in ${record.seconds} s, ${record.result.failures} failures${values.record ? '; written to docs/campaigns.jsonl' : ''}`,
)
process.exitCode = record.result.failures === 0 ? 0 : 1
