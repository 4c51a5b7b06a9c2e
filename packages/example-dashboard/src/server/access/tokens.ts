import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { ConfigError } from '@millrace/core'
import { z } from 'zod'

/** `full` may do everything, `read` only look. */
export type Role = 'full' | 'read'

/** The two secrets of a dashboard: 256 random bits each. */
export interface Tokens {
  readonly full: string
  readonly read: string
}

/** Tokens and where they come from: `made` at this start, or read from the file of an earlier one. */
export interface TokenSource {
  readonly tokens: Tokens
  readonly made: boolean
  /** Undefined: they are gone with the process. */
  readonly file: string | undefined
}

const token = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const fileSchema = z.strictObject({ full: token, read: token }).refine(({ full, read }) => full !== read)
const newToken = (): string => randomBytes(32).toString('base64url')

/** Makes two tokens that live as long as the process. */
export const makeTokens = (): TokenSource => ({ tokens: { full: newToken(), read: newToken() }, made: true, file: undefined })

/**
 * Reads the tokens of a dashboard, or makes them at the first start, in a file that only its owner may read.
 *
 * @throws ConfigError when others may read the file, it is a link, or it holds no tokens
 */
export function tokensOfFile(file: string): TokenSource {
  const made = makeTokens()
  try {
    writeFileSync(file, `${JSON.stringify(made.tokens)}\n`, { flag: 'wx', mode: 0o600 })
    return { ...made, file }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return { tokens: readTokens(file), made: false, file }
}

function readTokens(file: string): Tokens {
  const refuse = (expected: string, received: string): ConfigError => new ConfigError([{ path: file, expected, received }])
  let descriptor: number
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  } catch (error) {
    throw refuse('the token file of an earlier start', error instanceof Error && 'code' in error ? String(error.code) : String(error))
  }
  try {
    const { mode, uid } = fstatSync(descriptor)
    if (process.platform !== 'win32') {
      if ((mode & 0o077) !== 0) throw refuse('a file that only its owner may read (mode 0600)', `mode 0${(mode & 0o777).toString(8)}`)
      if (uid !== process.getuid?.()) throw refuse('a file of the user who runs this', `one of user ${uid}`)
    }
    const read = fileSchema.safeParse(jsonOf(readFileSync(descriptor, 'utf8')))
    if (!read.success) throw refuse('two tokens as this program writes them; remove the file and new ones are made', 'something else')
    return read.data
  } finally {
    closeSync(descriptor)
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a browser keeps instead of the token: follows from it, and leads nowhere else. */
export const cookieValue = (of: string): string => createHmac('sha256', of).update('millrace session').digest('base64url')

/** Compares secrets in the same time, whatever they are. */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
