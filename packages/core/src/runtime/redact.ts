/** Takes secrets out of text that is about to leave the process. */
export type Redact = (text: string) => string

const REMOVED = '[redacted]'
/** Shorter values would blank out ordinary words. */
const SHORTEST = 8
/** Keys, signed tokens and bearer headers are known by their look, whoever's they are. */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  /\b(?<=Bearer )[\w.~+/-]{8,}=*/g,
]

/**
 * Makes a filter that knows secrets by their values, wherever they stand in a text: as they are, escaped as in JSON, and as in an address. Keys in PEM, JWTs
 * and bearer tokens go as well.
 *
 * @param secrets - values; those under 8 characters are left out
 * @example
 * ```ts
 * const redact = createRedact(['correct-horse'])
 * redact('login failed for correct-horse') // => 'login failed for [redacted]'
 * ```
 */
export function createRedact(secrets: Iterable<string>): Redact {
  const values = new Set<string>()
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue
    values.add(secret)
    // As in JSON, and as in JSON that stands as a text in JSON.
    values.add(escaped(secret)).add(escaped(escaped(secret)))
    values.add(encodeURIComponent(secret))
    // A key of several lines may be cut into them.
    for (const line of secret.split(/\s*\n\s*/)) if (line.length >= 2 * SHORTEST && !line.startsWith('-----')) values.add(line)
  }
  // Long ones first: one may be the beginning of another.
  const known = [...values].sort((a, b) => b.length - a.length)
  return (text) => {
    let clean = text
    for (const value of known) clean = clean.replaceAll(value, REMOVED)
    for (const shape of shapes) clean = clean.replaceAll(shape, REMOVED)
    return clean
  }
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

const secretName = /key|secret|token|password|passphrase|credential|webhook/i

/**
 * Returns the values of an environment whose names say that they are secret.
 *
 * @example
 * ```ts
 * secretsOf({ COINBASE_API_KEY: 'abc-123-def', LANG: 'C.UTF-8' }) // => ['abc-123-def']
 * ```
 */
export const secretsOf = (environment: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(environment).flatMap(([name, value]) => (value !== undefined && secretName.test(name) ? [value] : []))
