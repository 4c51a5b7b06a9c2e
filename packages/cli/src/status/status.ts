import { readFileSync } from 'node:fs'
import { z } from 'zod'
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

const timeoutMs = 5_000

/**
 * Asks a running engine how it is.
 *
 * @param db - database of the run; the token stands beside it
 * @throws CliError exit code 3 when nobody answers, or not as a dashboard does
 */
export async function askStatus(db: string, port: number, request: typeof fetch = fetch): Promise<ServiceStatus> {
  const response = await request(`http://127.0.0.1:${port}/api/v1/status`, {
    headers: { authorization: `Bearer ${readToken(`${db}.token`)}` },
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new CliError(exitCodes.refused, `nothing answers on port ${port}: no engine with a page runs there`, { cause })
  })
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) {
    const { title = 'no reason given' } = (body ?? {}) as { readonly title?: string }
    throw new CliError(exitCodes.refused, `port ${port} answered ${response.status}: ${title}`)
  }
  const answer = answerSchema.safeParse(body)
  if (!answer.success) throw new CliError(exitCodes.refused, `what answers on port ${port} is no dashboard of this version`)
  return answer.data
}

function readToken(file: string): string {
  try {
    return z.object({ read: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).read
  } catch (cause) {
    throw new CliError(exitCodes.refused, `${file} has no token: start the engine with its page on this database first`, { cause })
  }
}
