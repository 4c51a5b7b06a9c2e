import { createHash } from 'node:crypto'

/** An open-ended test: the same question asked with one seed after another. */
export interface Campaign {
  /** What a passing campaign shows, in one sentence. */
  readonly title: string
  /** How far it goes when the command does not say. */
  readonly defaults?: { readonly seeds?: number; readonly minutes?: number }
  /** Processes that one seed kills: then `--kills` may say how far it goes. */
  readonly killsPerSeed?: number
  /** What `--set name=value` may change, with the values in force without it. */
  readonly options?: Readonly<Record<string, string>>
  /** Answers for one seed with figures, which are added up; a failure is an error. */
  run(seed: number, settings: CampaignSettings): Promise<Readonly<Record<string, number>>>
  /** What the sums of all seeds together still lack of what the campaign is to show, a sentence each: it has failed then, whatever the seeds say. */
  lacks?(figures: Readonly<Record<string, number>>, options: Readonly<Record<string, string>>): readonly string[]
  /** What `--json` prints as its last line; the record when left out. */
  json?(record: CampaignRecord): object
}

interface CampaignSettings {
  /** Until the campaign's time is over; Infinity when it has no limit. */
  readonly secondsLeft: number
  readonly options: Readonly<Record<string, string>>
  /** Puts what a seed came to into the hash of the whole campaign: the same seeds give the same. */
  readonly mark: (text: string) => void
}

interface CampaignResult {
  readonly campaign: string
  readonly failures: number
  /** The first failure with its seed, so that it can be asked again. */
  readonly firstFailure?: { readonly seed: number; readonly error: string }
  readonly figures: Readonly<Record<string, number>>
  /** What the seeds together do not show, of a campaign that looks at that; each is one of the failures. */
  readonly lacks?: readonly string[]
  /** Over what the seeds came to, of a campaign that says so. */
  readonly hash?: string
}

/** One line of `docs/campaigns.jsonl`. */
export interface CampaignRecord {
  readonly commit: string
  readonly machine: string
  readonly seeds: number
  readonly seconds: number
  readonly result: CampaignResult
}

export interface CampaignLimits {
  readonly firstSeed: number
  /** At most this many seeds. */
  readonly seeds: number
  /** No new seed is begun after this many seconds. */
  readonly seconds: number
  /** As given with `--set name=value`. */
  readonly options?: Readonly<Record<string, string>>
}

/** A failure that counts as well: its figures are added up with those of the others. */
export class CampaignFailure extends Error {
  override readonly name = 'CampaignFailure'
  readonly figures: Readonly<Record<string, number>>
  constructor(message: string, figures: Readonly<Record<string, number>>) {
    super(message)
    this.figures = figures
  }
}

/** Between two lines of progress. */
const PROGRESS_SECONDS = 2

/** Returns the options in force. @throws RangeError on a name that the campaign does not have */
export function campaignOptions(campaign: Campaign, given: readonly string[]): Readonly<Record<string, string>> {
  const known = campaign.options ?? {}
  const options = { ...known }
  for (const item of given) {
    const [name = '', ...value] = item.split('=')
    if (known[name] === undefined) throw new RangeError(`--set: expected one of ${Object.keys(known).join(', ') || 'none'}, received ${name}`)
    options[name] = value.join('=')
  }
  return options
}

/** Runs a campaign within its limits; `seconds()` tells the time since its start. */
export async function runCampaign(
  name: string,
  campaign: Campaign,
  limits: CampaignLimits,
  seconds: () => number,
  print: (line: string) => void,
): Promise<Pick<CampaignRecord, 'seeds' | 'seconds' | 'result'>> {
  const figures: Record<string, number> = {}
  let seeds = 0
  let failures = 0
  let firstFailure: CampaignResult['firstFailure']
  let printed = Number.NEGATIVE_INFINITY
  let hash: string | undefined
  const mark = (text: string): void => {
    hash = createHash('sha256')
      .update((hash ?? '') + text)
      .digest('hex')
  }
  const count = (more: Readonly<Record<string, number>>): void => {
    for (const [figure, amount] of Object.entries(more)) figures[figure] = (figures[figure] ?? 0) + amount
  }
  while (seeds < limits.seeds && seconds() < limits.seconds) {
    const seed = limits.firstSeed + seeds++
    const settings = { secondsLeft: limits.seconds - seconds(), options: limits.options ?? {}, mark }
    try {
      count(await campaign.run(seed, settings))
    } catch (error) {
      failures++
      if (error instanceof CampaignFailure) count(error.figures)
      firstFailure ??= { seed, error: error instanceof Error ? error.message : String(error) }
      print(`seed ${seed} failed: ${error instanceof Error ? error.message : String(error)}`)
    }
    const now = seconds()
    if (now - printed < PROGRESS_SECONDS) continue
    printed = now
    print(`${name}: ${seeds} seeds, ${failures} failures, ${now.toFixed(0)} s`)
  }
  const lacks = campaign.lacks?.(figures, limits.options ?? {}) ?? []
  for (const lack of lacks) print(`${name} lacks: ${lack}`)
  const told = { ...(firstFailure ? { firstFailure } : {}), figures, ...(lacks.length > 0 ? { lacks } : {}), ...(hash ? { hash } : {}) }
  return { seeds, seconds: Math.round(seconds()), result: { campaign: name, failures: failures + lacks.length, ...told } }
}
