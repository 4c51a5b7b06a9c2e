import { readConfig } from '../config/read-config.ts'
import type { ReadConfig } from '../config/read-config.ts'
import { CliError } from '../failures.ts'
import { bad, reasonOf } from './check.ts'
import type { Check, DoctorAsk, DoctorParts, Finding, Subject, VenueAnswer } from './check.ts'
import { configChecks } from './config-checks.ts'
import { machineChecks } from './machine-checks.ts'
import { storeChecks } from './store-checks.ts'
import { venueChecks } from './venue-checks.ts'

/** Every check, in the order of the report. */
export const doctorChecks: readonly Check[] = [...machineChecks, ...configChecks, ...storeChecks, ...venueChecks]

/** What one check found. */
export interface Examined extends Finding {
  readonly check: string
}

/** Looks at everything that keeps a run from being what it should be. Changes nothing. */
export async function examine(ask: DoctorAsk, parts: DoctorParts): Promise<readonly Examined[]> {
  let config: Promise<ReadConfig | undefined> | undefined
  let venue: Promise<VenueAnswer> | undefined
  const subject: Subject = {
    ask,
    parts,
    config: () => (config ??= readConfig(ask.config).catch(undefinedForRefusal)),
    venue: () => (venue ??= subject.config().then((read) => parts.askVenue(ask.venueUrl, [...new Set(read?.bots.map(({ instrument }) => instrument))]))),
  }
  const found: Examined[] = []
  for (const { id, look } of doctorChecks) {
    // A check that fails itself is a finding: the others go on.
    const finding = await Promise.resolve()
      .then(() => look(subject))
      .catch((error: unknown) => bad(reasonOf(error)))
    found.push({ check: id, ...finding })
  }
  return found
}

function undefinedForRefusal(error: unknown): undefined {
  if (error instanceof CliError) return undefined
  throw error
}
