import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import { loadCredentials } from '../../auth/credentials.ts'
import { createSigner } from '../../auth/signer.ts'
import { START_MS, closeVenues, textAt, venueForTests } from '../venue.fixture.ts'
import type { VenueForTests } from '../venue.fixture.ts'

afterEach(closeVenues)

const PATH = '/api/v3/brokerage/accounts'
const NOW_S = START_MS / 1000

/** A token with everything in order but what the test changes. */
async function sign(
  { venue }: VenueForTests,
  change: { readonly header?: object; readonly claims?: object; readonly host?: string; readonly secret?: string } = {},
): Promise<string> {
  const { keyName, secret } = venue.generateKey('ES256')
  const host = change.host ?? new URL(venue.restUrl).host
  return new SignJWT({ iss: 'cdp', sub: keyName, nbf: NOW_S, exp: NOW_S + 120, uri: `GET ${host}${PATH}`, ...change.claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: keyName, nonce: 'once', ...change.header })
    .sign(createPrivateKey(change.secret ?? secret))
}

const ask = ({ venue }: VenueForTests, token: string | undefined, query = ''): Promise<Response> =>
  fetch(`${venue.restUrl}${PATH}${query}`, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })

describe('a token', () => {
  test('of either kind is taken; the query is not part of it', async () => {
    const all = await venueForTests()
    expect((await ask(all, await sign(all), '?limit=5')).status).toBe(200)
    expect((await all.get('/accounts')).status).toBe(200)
    expect((await ask(all, await sign(all, { host: 'api.coinbase.com' }))).status).toBe(200)
  })

  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  test.each([
    ['[fault 31] expired', { claims: { nbf: NOW_S - 121, exp: NOW_S - 1 } }, 'ERR_JWT_EXPIRED'],
    ['[fault 31] of the future', { claims: { nbf: NOW_S + 30, exp: NOW_S + 120 } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['that lives too long', { claims: { nbf: NOW_S, exp: NOW_S + 600 } }, 'lives too long'],
    ['[pitfall 14] with the query in its uri', { claims: { uri: `GET api.coinbase.com${PATH}?limit=5` } }, 'wrong uri'],
    ['for another host', { host: 'api.example.com' }, 'wrong uri'],
    ['for another method', { claims: { uri: `POST api.coinbase.com${PATH}` } }, 'wrong uri'],
    ['without a uri', { claims: { uri: undefined } }, 'wrong uri'],
    ['of another issuer', { claims: { iss: 'coinbase-cloud' } }, 'wrong claims'],
    ['of another subject', { claims: { sub: 'somebody' } }, 'wrong claims'],
    ['of an unknown key', { header: { kid: 'nobody' } }, 'unknown key'],
    ['signed by another key', { secret: other }, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
    ['without a nonce', { header: { nonce: undefined } }, 'nonce used before'],
  ])('%s is refused in plain text, and only the report says why', async (_, change, reason) => {
    const all = await venueForTests()
    const answer = await ask(all, await sign(all, change))
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([401, 'text/plain', 'Unauthorized'])
    expect(all.venue.report().refusedTokens).toEqual({ [reason]: 1 })
  })

  test('is taken once, and none is no token', async () => {
    const all = await venueForTests()
    const token = await sign(all)
    expect((await ask(all, token)).status).toBe(200)
    expect((await ask(all, token)).status).toBe(401)
    expect((await ask(all, undefined)).status).toBe(401)
    expect((await ask(all, 'rubbish')).status).toBe(401)
    expect(all.venue.report().refusedTokens).toEqual({ 'nonce used before': 1, 'no token': 1, 'no JWT': 1 })
  })

  test('the algorithm is the key, whatever the header says', async () => {
    const all = await venueForTests()
    const { keyName } = all.venue.generateKey('EdDSA')
    const token = await sign(all, { header: { kid: keyName }, claims: { sub: keyName } })
    expect((await ask(all, token)).status).toBe(401)
    expect(all.venue.report().refusedTokens).toEqual({ 'wrong algorithm': 1 })
  })

  test('[fault 31] a clock that is off is not forgiven, unless the venue is told to', async () => {
    const strict = await venueForTests()
    strict.venue.control({ do: 'clockOffset', ms: 130_000 })
    expect((await strict.get('/accounts')).status).toBe(401)
    expect(Number(textAt((await strict.get('/time')).body, 'epochMillis'))).toBe(START_MS + 130_000)
    strict.venue.control({ do: 'clockOffset', ms: 0 })
    expect((await strict.get('/accounts')).status).toBe(200)
    const lenient = await venueForTests({ tokenToleranceS: 60 })
    lenient.venue.control({ do: 'clockOffset', ms: 130_000 })
    expect((await lenient.get('/accounts')).status).toBe(200)
  })
})

describe('permissions', () => {
  test('[fault 32] a key that may not trade may look; one that was revoked may nothing', async () => {
    const all = await venueForTests({}, { canTrade: false, canTransfer: true })
    expect((await all.get('/key_permissions')).body).toEqual({
      ...{ can_view: true, can_trade: false, can_transfer: true, portfolio_uuid: all.venue.portfolio, portfolio_type: 'DEFAULT' },
    })
    const refused = await all.order('one', 'BTC-USD', 'BUY', { market_market_ioc: { quote_size: '5' } })
    expect(refused).toMatchObject({ status: 403, body: { error: 'PERMISSION_DENIED', error_details: 'Missing required scopes' } })
    const key = all.signer.keyName
    all.venue.control({ do: 'permissions', key, canTrade: true })
    expect((await all.order('one', 'BTC-USD', 'BUY', { market_market_ioc: { quote_size: '5' } })).status).toBe(200)
    all.venue.control({ do: 'permissions', key, canView: false })
    expect((await all.get('/accounts')).status).toBe(403)
    all.venue.control({ do: 'revokeKey', key })
    expect((await all.get('/key_permissions')).status).toBe(401)
  })

  test('a key sees and spends its own portfolio only', async () => {
    const all = await venueForTests({}, { portfolio: 'savings' })
    expect((await all.get('/accounts')).body).toMatchObject({ accounts: [] })
    all.venue.control({ do: 'deposit', currency: 'USD', amount: '50', portfolio: 'savings' })
    expect((await all.get('/accounts')).body).toMatchObject({ accounts: [{ currency: 'USD', available_balance: { value: '50' } }] })
    expect((await all.get('/portfolios')).body).toMatchObject({ portfolios: [{ type: 'DEFAULT' }, { uuid: 'savings', type: 'CONSUMER' }] })
  })
})

test('generated keys have the forms that Coinbase hands out', async () => {
  const { venue } = await venueForTests()
  for (const algorithm of ['ES256', 'EdDSA'] as const) {
    const { keyName, secret } = venue.generateKey(algorithm)
    const found = loadCredentials({ env: { COINBASE_KEY_NAME: keyName, COINBASE_KEY_SECRET: secret } })!
    expect(createSigner({ keyName: found.keyName, secret: found.secret, nonce: () => '0' }).algorithm).toBe(algorithm)
  }
})
