/** An open-ended test: the same question asked with one seed after another. */
export interface Campaign {
  /** What a passing campaign shows, in one sentence. */
  readonly title: string
  /** Answers for one seed with figures, which are added up; a failure is an error. */
  run(seed: number): Promise<Readonly<Record<string, number>>>
}

export interface CampaignResult {
  readonly campaign: string
  readonly failures: number
  /** The first failure with its seed, so that it can be asked again. */
  readonly firstFailure?: { readonly seed: number; readonly error: string }
  readonly figures: Readonly<Record<string, number>>
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
  while (seeds < limits.seeds && seconds() < limits.seconds) {
    const seed = limits.firstSeed + seeds++
    try {
      for (const [figure, amount] of Object.entries(await campaign.run(seed))) figures[figure] = (figures[figure] ?? 0) + amount
    } catch (error) {
      failures++
      firstFailure ??= { seed, error: error instanceof Error ? error.message : String(error) }
      print(`seed ${seed} failed: ${firstFailure.error}`)
    }
    print(`${name}: ${seeds} seeds, ${failures} failures, ${seconds().toFixed(0)} s`)
  }
  return { seeds, seconds: Math.round(seconds()), result: { campaign: name, failures, ...(firstFailure ? { firstFailure } : {}), figures } }
}
