import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, describe, expect, it } from 'vitest'
import { CredentialsError, loadCredentials } from './credentials.ts'
import { createSigner } from './signer.ts'
import { parseSigningKey } from './signing-key.ts'

const nowMs = Date.UTC(2026, 5, 1, 12)
const keyName = 'organizations/o/apiKeys/k'
const nonce = (): string => randomBytes(32).toString('hex')

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')
const seed = Buffer.from(ed25519.privateKey.export({ format: 'jwk' }).d!, 'base64url')
const publicBytes = Buffer.from(ed25519.publicKey.export({ format: 'jwk' }).x!, 'base64url')

const sec1 = p256.privateKey.export({ type: 'sec1', format: 'pem' }).toString()
const pkcs8 = p256.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const edPem = ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const forms: readonly (readonly [form: string, secret: string, algorithm: string, publicKey: KeyObject])[] = [
  ['a SEC1 PEM', sec1, 'ES256', p256.publicKey],
  ['a SEC1 PEM with literal \\n', sec1.trim().replaceAll('\n', '\\n'), 'ES256', p256.publicKey],
  ['a PKCS8 PEM of P-256', pkcs8, 'ES256', p256.publicKey],
  ['a PKCS8 PEM of Ed25519', edPem, 'EdDSA', ed25519.publicKey],
  ['a PKCS8 PEM of Ed25519 with literal \\n', edPem.replaceAll('\n', '\\n'), 'EdDSA', ed25519.publicKey],
  ['32 bytes in base64', seed.toString('base64'), 'EdDSA', ed25519.publicKey],
  ['64 bytes in base64', Buffer.concat([seed, publicBytes]).toString('base64'), 'EdDSA', ed25519.publicKey],
]

describe('signing keys', () => {
  it.each(forms)('%s signs what its public key verifies, with the algorithm of the key', async (_, secret, algorithm, publicKey) => {
    const signer = createSigner({ keyName, secret, nonce })
    const token = await signer.rest('GET', 'api.coinbase.com', '/api/v3/brokerage/accounts', nowMs)
    const { payload, protectedHeader } = await jwtVerify(token, publicKey, { currentDate: new Date(nowMs) })
    expect(protectedHeader).toMatchObject({ alg: algorithm, typ: 'JWT', kid: keyName })
    expect(payload).toMatchObject({ iss: 'cdp', sub: keyName, uri: 'GET api.coinbase.com/api/v3/brokerage/accounts' })
    expect(payload.exp! - payload.nbf!).toBe(120)
    expect(payload.nbf! * 1000).toBeLessThan(nowMs)
  })

  it('makes a new nonce for each token, and tokens of sockets name no request', async () => {
    const signer = createSigner({ keyName, secret: sec1, nonce })
    const tokens = await Promise.all([signer.socket(nowMs), signer.socket(nowMs)])
    const nonces = tokens.map((token) => decodeProtectedHeader(token)['nonce'])
    expect(nonces[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(nonces[0]).not.toBe(nonces[1])
    const { payload } = await jwtVerify(tokens[0]!, p256.publicKey, { currentDate: new Date(nowMs) })
    expect(payload).not.toHaveProperty('uri')
  })

  it('is worth nothing 120 s after its start', async () => {
    const token = await createSigner({ keyName, secret: sec1, nonce }).socket(nowMs)
    await expect(jwtVerify(token, p256.publicKey, { currentDate: new Date(nowMs + 116_000) })).rejects.toThrow('exp')
  })

  it.each([
    ['nothing', ''],
    ['a word', 'hunter2'],
    ['31 bytes', randomBytes(31).toString('base64')],
    ['a PEM without a key', '-----BEGIN EC PRIVATE KEY-----\nhunter2\n-----END EC PRIVATE KEY-----'],
    ['a public key', createPublicKey(p256.privateKey).export({ type: 'spki', format: 'pem' }).toString()],
    ['an RSA key', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['a key on another curve', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
  ])('refuses %s and never repeats it', (_, secret) => {
    const refusal = (): unknown => parseSigningKey(secret)
    expect(refusal).toThrow(/^expected a P-256 key .* or an Ed25519 key/)
    if (secret !== '') expect(refusal).not.toThrow(secret.split('\n')[1] ?? secret)
  })

  it('shows nothing of itself', () => {
    const signer = createSigner({ keyName, secret: sec1, nonce })
    const shown = [inspect(signer, { depth: 9, showHidden: true }), JSON.stringify({ signer }), String(Object.values(signer))].join()
    expect(shown).not.toContain('PRIVATE')
    expect([inspect(signer), JSON.stringify(signer)]).toEqual(['[signer]', '"[signer]"'])
    expect(() => createSigner({ keyName: ' ', secret: sec1, nonce })).toThrow('expected the name of a CDP key')
  })
})

describe('credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-key-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const content = JSON.stringify({ name: keyName, privateKey: sec1 })
  const write = (name: string, text: string, mode = 0o600): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    chmodSync(path, mode)
    return path
  }

  it('come from the environment first, then from a file, and are absent when nobody names one', () => {
    const file = write('key.json', content)
    const env = { COINBASE_KEY_NAME: 'n', COINBASE_KEY_SECRET: 's' }
    expect(loadCredentials({ env, file })).toEqual({ keyName: 'n', secret: 's' })
    expect(loadCredentials({ env: {}, file })).toEqual({ keyName, secret: sec1 })
    expect(loadCredentials({ env: { COINBASE_KEY_FILE: file } })).toEqual({ keyName, secret: sec1 })
    expect(loadCredentials({ env: {} })).toBeUndefined()
  })

  it('are called by a name or an id, as the portal has it', () => {
    expect(loadCredentials({ env: {}, file: write('id.json', JSON.stringify({ id: 'i', privateKey: 's' })) })).toEqual({ keyName: 'i', secret: 's' })
  })

  it('are refused by halves', () => {
    expect(() => loadCredentials({ env: { COINBASE_KEY_NAME: 'n' } })).toThrow('the secret is missing')
    expect(() => loadCredentials({ env: { COINBASE_KEY_SECRET: 'hunter2' } })).toThrow('the name is missing')
  })

  it('are refused from a file that others can read, and taken once it is private', () => {
    for (const mode of [0o640, 0o604, 0o660, 0o644]) {
      expect(() => loadCredentials({ env: {}, file: write('open.json', content, mode) })).toThrow(`expected mode 600, found ${mode.toString(8)}`)
    }
    expect(loadCredentials({ env: {}, file: write('open.json', content, 0o400) })).toEqual({ keyName, secret: sec1 })
  })

  it('are refused from inside a git work tree, at any depth', () => {
    mkdirSync(join(folder, 'project', '.git'), { recursive: true })
    mkdirSync(join(folder, 'project', 'secrets'))
    const file = write('project/secrets/key.json', content)
    expect(() => loadCredentials({ env: {}, file })).toThrow(`lies in the git work tree ${join(folder, 'project')}`)
    rmSync(join(folder, 'project', '.git'), { recursive: true })
    expect(loadCredentials({ env: {}, file })).toEqual({ keyName, secret: sec1 })
  })

  it.each([
    ['no JSON', 'hunter2-hunter2'],
    ['a file without the key', JSON.stringify({ name: 'n', privateKey: '' })],
    ['a file without a name', JSON.stringify({ privateKey: 'hunter2' })],
  ])('are refused from %s without a word of its content', (_, text) => {
    const file = write('bad.json', text)
    const refusal = (): unknown => loadCredentials({ env: {}, file })
    expect(refusal).toThrow(CredentialsError)
    expect(refusal).toThrow(`${file}: expected a JSON object with "name" and "privateKey"`)
    expect(refusal).not.toThrow('hunter2')
    expect(() => loadCredentials({ env: {}, file: join(folder, 'none.json') })).toThrow('found none')
  })
})
