import { inspect } from 'node:util'
import { SignJWT } from 'jose'
import { parseSigningKey } from './signing-key.ts'

/** Coinbase takes a token for this long after its `nbf`. */
const LIFETIME_S = 120
/** `nbf` lies a little back, so that a venue whose clock is behind ours takes the token as well. */
const BACKDATE_S = 5

/** Signs requests. It travels instead of the secret, which nobody can read out of it, print or store. */
export interface Signer {
  /** Name of the key: no secret, but not for logs either. */
  readonly keyName: string
  readonly algorithm: 'ES256' | 'EdDSA'
  /** A token for one REST request: the path without its query, the host that is really called. */
  rest(method: string, host: string, path: string, nowMs: number): Promise<string>
  /** A token for one message on a WebSocket. */
  socket(nowMs: number): Promise<string>
}

/** A CDP key and what its tokens need. */
export interface SignerOptions {
  readonly keyName: string
  /** The CDP key's secret in any of the forms that Coinbase hands out. */
  readonly secret: string
  /** Makes 64 hex digits that were never used before. */
  readonly nonce: () => string
}

/**
 * Returns a signer for a CDP key: a fresh token for every request and every subscription.
 *
 * @throws RangeError on an empty name or a secret that is no such key; the message never holds the secret
 * @example
 * ```ts
 * const secret = Buffer.alloc(32, 1).toString('base64')
 * const signer = createSigner({ keyName: 'key', secret, nonce: () => '00' })
 * signer.algorithm // => 'EdDSA'
 * JSON.stringify(signer) // => '"[signer]"'
 * ```
 */
export function createSigner({ keyName, secret, nonce }: SignerOptions): Signer {
  if (keyName.trim() === '') throw new RangeError('expected the name of a CDP key, received an empty text')
  const { algorithm, key } = parseSigningKey(secret)
  const token = (claims: Readonly<Record<string, string>>, nowMs: number): Promise<string> => {
    const notBefore = Math.floor(nowMs / 1000) - BACKDATE_S
    return new SignJWT({ iss: 'cdp', sub: keyName, nbf: notBefore, exp: notBefore + LIFETIME_S, ...claims })
      .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: keyName, nonce: nonce() })
      .sign(key)
  }
  return {
    keyName,
    algorithm,
    rest: (method, host, path, nowMs) => token({ uri: `${method} ${host}${path}` }, nowMs),
    socket: (nowMs) => token({}, nowMs),
    // The key stands in a closure; this keeps even its name out of what somebody logs.
    ...{ toJSON: () => '[signer]', [inspect.custom]: () => '[signer]' },
  }
}
