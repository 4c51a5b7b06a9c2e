import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

const timeoutMs = 5_000

/** Which of the two tokens of a page a request takes: `read` may only look. */
type TokenKind = 'read' | 'full'

/** What is asked of a running engine. */
export interface EngineRequest {
  /** Database of the run; the tokens stand beside it. */
  readonly db: string
  readonly port: number
  /** Behind `/api/v1`. */
  readonly path: string
  /** A change: sent with the full token. */
  readonly change?: boolean
}

/**
 * Asks the page of a running engine something, or changes something.
 *
 * @throws CliError exit code 3 when nobody answers, or the answer is a refusal
 */
export async function askEngine({ db, port, path, change = false }: EngineRequest, request: typeof fetch = fetch): Promise<unknown> {
  const token = readToken(db, change ? 'full' : 'read')
  // A change carries what no page of another site can send.
  const changes: RequestInit = change ? { method: 'POST', body: '{}' } : {}
  const headers = { authorization: `Bearer ${token}`, ...(change ? { 'x-millrace': '1', 'content-type': 'application/json' } : {}) }
  const response = await request(`http://127.0.0.1:${port}/api/v1${path}`, { ...changes, headers, signal: AbortSignal.timeout(timeoutMs) }).catch(
    (cause: unknown) => {
      throw new CliError(exitCodes.refused, `nothing answers on port ${port}: no engine with a page runs there`, { cause })
    },
  )
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body
  const { title = 'no reason given', detail } = (body ?? {}) as { readonly title?: string; readonly detail?: string }
  throw new CliError(exitCodes.refused, `port ${port} answered ${response.status}: ${title}${detail === undefined ? '' : `: ${detail}`}`)
}

function readToken(db: string, kind: TokenKind): string {
  const file = `${db}.token`
  try {
    return z.object({ read: z.string(), full: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8')))[kind]
  } catch (cause) {
    if (!existsSync(db))
      throw new CliError(exitCodes.refused, `there is no database ${db}. --db names the file of the run, as it was given to the run`, { cause })
    throw new CliError(
      exitCodes.refused,
      `${file} has no token: only an engine with a page can be asked (npm start in a clone, or an application with runBots). For one of millrace run there are positions, orders, logs, explain, stop and panic`,
      { cause },
    )
  }
}
