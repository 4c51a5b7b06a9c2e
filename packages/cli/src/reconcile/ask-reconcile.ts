import { readFileSync } from 'node:fs'
import type { EpochMs, ReconcileReport } from '@millrace/core'
import { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

const answerSchema = z.object({
  at_ms: z.number(),
  differences: z.array(z.string()),
  corrections: z.array(z.object({ currency: z.string(), amount: z.string() })),
  mismatch: z.string().nullable(),
  unconfirmed: z.boolean(),
})

/** The engine asks the venue, page by page. */
const TIMEOUT_MS = 120_000
const local: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Asks a running engine to compare its books with the venue now.
 *
 * @param db - database of the run; the token stands beside it
 * @param url - address of its page, on this machine
 * @throws CliError exit code 3 when nobody answers, or the engine could not compare
 */
export async function askReconcile(db: string, url: string, request: typeof fetch = fetch): Promise<ReconcileReport> {
  const base = URL.canParse(url) ? new URL(url) : undefined
  // The token goes with it.
  if (base?.protocol !== 'http:' || !local.has(base.hostname))
    throw refused(`--url: expected the page of an engine on this machine, such as http://127.0.0.1:3000, received ${url}`)
  const response = await request(new URL('/api/v1/reconcile', base), {
    method: 'POST',
    headers: { authorization: `Bearer ${readToken(`${db}.token`)}`, 'x-millrace': '1' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw refused(`nothing answers at ${base.origin}: the engine has no page there, or took too long`, cause)
  })
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) {
    const { title = 'no reason given', detail } = (body ?? {}) as { readonly title?: string; readonly detail?: string }
    throw refused(`${base.origin} answered ${response.status}: ${detail === undefined ? title : `${title}: ${detail}`}`)
  }
  const answer = answerSchema.safeParse(body)
  if (!answer.success) throw refused(`what answers at ${base.origin} is no dashboard of this version`)
  const { at_ms: atMs, mismatch, ...found } = answer.data
  return { ...found, atMs: atMs as EpochMs, mismatch: mismatch ?? undefined }
}

function readToken(file: string): string {
  try {
    return z.object({ full: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).full
  } catch (cause) {
    throw refused(`${file} has no token: only an engine with a page can be asked (npm start in a clone, or an application with runBots)`, cause)
  }
}

const refused = (why: string, cause?: unknown): CliError => new CliError(exitCodes.refused, why, { cause })
