import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { uuidOf } from '../random.ts'

/** The two kinds of keys that the venue hands out. */
export type KeyAlgorithm = 'ES256' | 'EdDSA'

/** A key that the venue knows: its public half and what it may do. */
export interface KeySetup {
  readonly name: string
  /** PEM of the public key. */
  readonly publicKey: string
  readonly canView?: boolean
  readonly canTrade?: boolean
  readonly canTransfer?: boolean
  /** UUID of the portfolio it is bound to; the default one when left out. */
  readonly portfolio?: string
}

/** A key as the venue keeps it; permissions can be taken back at any time. */
export interface VenueKey {
  readonly name: string
  readonly algorithm: KeyAlgorithm
  readonly publicKey: KeyObject
  readonly portfolio: string
  canView: boolean
  canTrade: boolean
  canTransfer: boolean
  revoked: boolean
}

/** @throws RangeError on a PEM that is no P-256 or Ed25519 public key */
export function venueKey(setup: KeySetup, defaultPortfolio: string): VenueKey {
  const publicKey = createPublicKey(setup.publicKey)
  const algorithm = publicKey.asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'ES256'
  if (algorithm === 'ES256' && publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new RangeError(`keys: expected a P-256 or Ed25519 public key for ${setup.name}, received a key of another kind`)
  const { name, canView = true, canTrade = true, canTransfer = false, portfolio = defaultPortfolio } = setup
  return { name, algorithm, publicKey, portfolio, canView, canTrade, canTransfer, revoked: false }
}

/** A fresh key, both halves. */
export interface GeneratedKey {
  readonly keyName: string
  /** PEM of SEC1 for ES256, base64 of seed and public key for EdDSA: the forms that Coinbase hands out. */
  readonly secret: string
  readonly publicKey: string
}

/** Makes a key. Its secret is chance, not seed: it is a real one. */
export function generatedKey(seed: number, number: number, algorithm: KeyAlgorithm): GeneratedKey {
  const id = uuidOf(seed, 'key', number)
  if (algorithm === 'ES256') {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const keyName = `organizations/${uuidOf(seed, 'organization')}/apiKeys/${id}`
    return {
      keyName,
      secret: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    }
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { d, x } = privateKey.export({ format: 'jwk' })
  const secret = Buffer.concat([Buffer.from(d!, 'base64url'), Buffer.from(x!, 'base64url')]).toString('base64')
  return { keyName: id, secret, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
}
