import { z } from 'zod'
import { askEngine } from '../control/ask-engine.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

const partStatus = z.enum(['ok', 'warning', 'bad'])
const answerSchema = z.object({
  status: partStatus,
  environment: z.string(),
  trading_state: z.string(),
  pid: z.number(),
  now_ms: z.number(),
  parts: z.array(z.object({ part: z.string(), status: partStatus, detail: z.string() })),
})

/** The health of every part of a running engine, as its page tells it. */
export type ServiceStatus = z.output<typeof answerSchema>

/**
 * Asks a running engine how it is.
 *
 * @param db - database of the run; the token stands beside it
 * @throws CliError exit code 3 when nobody answers, or not as a dashboard does
 */
export async function askStatus(db: string, port: number, request: typeof fetch = fetch): Promise<ServiceStatus> {
  const answer = answerSchema.safeParse(await askEngine({ db, port, path: '/status' }, request))
  if (!answer.success) throw new CliError(exitCodes.refused, `what answers on port ${port} is no dashboard of this version`)
  return answer.data
}
