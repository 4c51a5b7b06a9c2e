import { createPrivateKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** What Coinbase takes: ECDSA on P-256 or Ed25519. */
export type SigningAlgorithm = 'ES256' | 'EdDSA'

export interface SigningKey {
  readonly algorithm: SigningAlgorithm
  readonly key: KeyObject
}

const expected = 'a P-256 key (PEM, SEC1 or PKCS8) or an Ed25519 key (PEM, or base64 of 32 or 64 bytes)'

/** A PKCS8 wrapper around an Ed25519 seed is these 16 bytes and the seed (RFC 8410). */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * Returns the private key in a CDP key's secret. The algorithm follows from the key itself: a PKCS8 header says nothing of it.
 * Line breaks may be written as `\n`, as files of environment variables have them.
 *
 * @throws RangeError that says what was expected, never what was received
 */
export function parseSigningKey(secret: string): SigningKey {
  const text = secret.replaceAll('\\n', '\n').trim()
  const key = text.startsWith('-----BEGIN') ? fromPem(text) : fromBase64(text)
  if (key.asymmetricKeyType === 'ed25519') return { algorithm: 'EdDSA', key }
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return { algorithm: 'ES256', key }
  throw new RangeError(`expected ${expected}, received a key of another kind`)
}

function fromPem(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    // The reason of the parser may quote what it was given.
    throw new RangeError(`expected ${expected}, received a PEM text that holds no private key`)
  }
}

function fromBase64(text: string): KeyObject {
  const bytes = /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0)
  // 64 bytes are the seed and the public key that follows from it.
  if (bytes.length !== 32 && bytes.length !== 64) throw new RangeError(`expected ${expected}, received neither PEM nor base64 of such a length`)
  return createPrivateKey({ key: Buffer.concat([ed25519Prefix, bytes.subarray(0, 32)]), format: 'der', type: 'pkcs8' })
}
