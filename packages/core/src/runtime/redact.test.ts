import { describe, expect, it } from 'vitest'
import { jsonLogger } from './json-logger.ts'
import { createRedact, secretsOf } from './redact.ts'
import { simulatedClock } from '../testing/simulated-clock.ts'
import type { Json } from '../model/json.ts'

const secret = 'sentinel"key\\with/odd+characters'
const pem = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBsentinelsentinelsentinel0123456789\nabcdefabcdefabcdefabcdefabcdef==\n-----END EC PRIVATE KEY-----\n'

describe('[row 95] [sentinel] a secret', () => {
  const lines: string[] = []
  const logger = jsonLogger({ write: (line) => lines.push(line), redact: createRedact([secret, pem]), clock: simulatedClock(0), level: 'debug' })
  const leaks = (text: string): boolean => /sentinel|abcdefabcdef/.test(text)

  it('leaves in no line, however it came into it', () => {
    const deep: Json = { a: { b: [{ c: secret }] } }
    logger.info(`in the text: ${secret}`)
    logger.warn('in a field', { key: secret })
    logger.error('deep inside', deep)
    logger.debug('as JSON in a text', { body: JSON.stringify({ key: secret }) })
    logger.info('in an address', { url: `https://hooks.example/?k=${encodeURIComponent(secret)}` })
    logger.error('as a stack', { stack: new Error(`refused: ${secret}`).stack ?? '' })
    logger.info('a key of several lines', { pem })
    logger.info('one of its lines alone', { line: 'MHcCAQEEIBsentinelsentinelsentinel0123456789' })
    logger.info('as the name of a field', { [secret]: 1 })
    expect(lines).toHaveLength(9)
    for (const line of lines) {
      expect([line, leaks(line)]).toEqual([line, false])
      expect(line).toContain('[redacted]')
      expect(Object.keys(JSON.parse(line) as object).slice(0, 3)).toEqual(['time', 'level', 'message'])
    }
  })
  it('of somebody else is known by its look: keys, signed tokens, bearer headers', () => {
    const redact = createRedact([])
    const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzZW50aW5lbCJ9.c2lnbmF0dXJlLXNlbnRpbmVs'
    expect(redact(`Authorization: Bearer sentinel-0123456789 and ${jwt}`)).toBe('Authorization: Bearer [redacted] and [redacted]')
    expect(leaks(redact(pem))).toBe(false)
    expect(leaks(redact(pem.slice(0, 60)))).toBe(false)
  })
  it('is told from ordinary words by its length and by the name of its variable', () => {
    expect(createRedact(['buy', ''])('buy 3 BTC')).toBe('buy 3 BTC')
    expect(secretsOf({ COINBASE_API_KEY: 'abc', MY_WEBHOOK: 'https://x', PATH: '/bin', EMPTY_TOKEN: undefined })).toEqual(['abc', 'https://x'])
  })
})

it('a line says when, in UTC, how grave and what; below its level nothing is written', () => {
  const lines: string[] = []
  const logger = jsonLogger({ write: (line) => lines.push(line), redact: createRedact([]), clock: simulatedClock(Date.UTC(2026, 0, 5)), level: 'warn' })
  logger.debug('no')
  logger.info('no')
  logger.warn('fills', [1, 2])
  logger.error('plain')
  expect(lines).toEqual([
    '{"time":"2026-01-05T00:00:00.000Z","level":"warn","message":"fills","fields":[1,2]}\n',
    '{"time":"2026-01-05T00:00:00.000Z","level":"error","message":"plain"}\n',
  ])
})
