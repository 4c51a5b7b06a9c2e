import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'

/** A CDP key as it was handed out. Turn it into a signer at once and let go of it. */
export interface Credentials {
  readonly keyName: string
  readonly secret: string
}

/** Where a key is looked for. */
export interface CredentialSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** A JSON file as the CDP portal writes it; `COINBASE_KEY_FILE` of the environment when left out. */
  readonly file?: string
}

/** Why a key was not taken; the message never holds any part of it. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError'
}

/** The portal calls the key's name `name`, or `id` for keys of the newer kind. */
const keyFile = z
  .object({ name: z.string().min(1).optional(), id: z.string().min(1).optional(), privateKey: z.string().min(1) })
  .transform(({ name, id, privateKey }, context) => {
    const keyName = name ?? id
    if (keyName !== undefined) return { keyName, secret: privateKey }
    context.addIssue({ code: 'custom', message: 'expected a name' })
    return z.NEVER
  })

/**
 * Reads a key from `COINBASE_KEY_NAME` and `COINBASE_KEY_SECRET`, else from a file with mode 0600 that lies in no git work tree;
 * undefined when neither is there. A key is never an argument of a command line, which every process can read.
 *
 * @example
 * ```ts
 * loadCredentials({ env: { COINBASE_KEY_NAME: 'name', COINBASE_KEY_SECRET: 'secret' } })?.keyName // => 'name'
 * loadCredentials({ env: {} }) // => undefined
 * ```
 * @throws CredentialsError when half of a key is given, or the file is missing, readable by others, in a work tree, or no key file
 */
export function loadCredentials({ env, file }: CredentialSources): Credentials | undefined {
  const keyName = env['COINBASE_KEY_NAME']
  const secret = env['COINBASE_KEY_SECRET']
  if (keyName || secret) {
    if (!keyName || !secret)
      throw new CredentialsError(`COINBASE_KEY_NAME and COINBASE_KEY_SECRET go together: ${keyName ? 'the secret' : 'the name'} is missing`)
    return { keyName, secret }
  }
  const path = file ?? env['COINBASE_KEY_FILE']
  return path ? readKeyFile(resolve(path)) : undefined
}

function readKeyFile(path: string): Credentials {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined || !stat.isFile()) throw new CredentialsError(`${path}: expected a key file, found none`)
  const mode = stat.mode & 0o777
  if ((mode & 0o077) !== 0) throw new CredentialsError(`${path}: expected mode 600, found ${mode.toString(8)}: run chmod 600 on it`)
  const tree = workTreeOf(path)
  if (tree !== undefined) throw new CredentialsError(`${path} lies in the git work tree ${tree}: move it out, so that it can never be committed`)
  try {
    return keyFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // What the parser says of the text may quote it.
    throw new CredentialsError(`${path}: expected a JSON object with "name" and "privateKey", as the CDP portal writes it`)
  }
}

function workTreeOf(path: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}
