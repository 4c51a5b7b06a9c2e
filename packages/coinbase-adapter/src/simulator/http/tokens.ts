import { decodeProtectedHeader, jwtVerify } from 'jose'
import { z } from 'zod'
import type { VenueKey } from './keys.ts'

/** Longest life of a token in seconds. */
const LONGEST_LIFE_S = 120

export interface TokenRules {
  readonly keys: ReadonlyMap<string, VenueKey>
  /** Tolerance for clocks that differ, in seconds. */
  readonly toleranceS: number
  /** Whether a nonce may be used once only. */
  readonly freshNonces: boolean
}

/** Whose token it is, or what is wrong with it; the client is told nothing of that. */
type Verdict = { readonly key: VenueKey } | { readonly refused: string }

export interface TokenChecker {
  /** `uris` are the values that its claim may have; none for tokens of a socket. */
  check(token: string | undefined, nowMs: number, uris: readonly string[] | undefined): Promise<Verdict>
}

const claims = z.object({ iss: z.literal('cdp'), sub: z.string(), nbf: z.number(), exp: z.number(), uri: z.string().optional() })

/** Returns what verifies tokens the way the venue does. */
export function createTokenChecker({ keys, toleranceS, freshNonces }: TokenRules): TokenChecker {
  const used = new Map<string, number>()
  let pruneAt = 5_000

  function isRepeated(nonce: string, nowMs: number): boolean {
    const untilMs = used.get(nonce)
    // What has expired would be refused anyway.
    if (used.size > pruneAt) {
      for (const [each, ends] of used) if (ends < nowMs) used.delete(each)
      pruneAt = Math.max(5_000, used.size * 2)
    }
    used.set(nonce, nowMs + (LONGEST_LIFE_S + toleranceS) * 1000)
    return untilMs !== undefined && untilMs >= nowMs
  }

  return {
    async check(token, nowMs, uris) {
      if (token === undefined || token === '') return { refused: 'no token' }
      const header = headerOf(token)
      if (header === undefined) return { refused: 'no JWT' }
      const key = keys.get(header.kid)
      if (key === undefined) return { refused: 'unknown key' }
      if (key.revoked) return { refused: 'key revoked' }
      if (header.alg !== key.algorithm) return { refused: 'wrong algorithm' }
      const problem = await problemOf(token, key, { nowMs, toleranceS, uris })
      if (problem !== undefined) return { refused: problem }
      if (freshNonces && (header.nonce === undefined || isRepeated(`${key.name} ${header.nonce}`, nowMs))) return { refused: 'nonce used before' }
      return { key }
    },
  }
}

function headerOf(token: string): { readonly kid: string; readonly alg: string; readonly nonce: string | undefined } | undefined {
  try {
    const { kid, alg, nonce } = decodeProtectedHeader(token)
    return { kid: kid ?? '', alg: alg ?? '', nonce: typeof nonce === 'string' ? nonce : undefined }
  } catch {
    // What is no JWT is answered like every other bad token.
    return undefined
  }
}

interface Circumstances {
  readonly nowMs: number
  readonly toleranceS: number
  readonly uris: readonly string[] | undefined
}

async function problemOf(token: string, key: VenueKey, { nowMs, toleranceS, uris }: Circumstances): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, key.publicKey, { algorithms: [key.algorithm], currentDate: new Date(nowMs), clockTolerance: toleranceS })
    const parsed = claims.safeParse(payload)
    if (!parsed.success || parsed.data.sub !== key.name) return 'wrong claims'
    if (parsed.data.exp - parsed.data.nbf > LONGEST_LIFE_S) return 'lives too long'
    if (uris === undefined) return parsed.data.uri === undefined ? undefined : 'a uri for a socket'
    return parsed.data.uri !== undefined && uris.includes(parsed.data.uri) ? undefined : 'wrong uri'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
  }
}
