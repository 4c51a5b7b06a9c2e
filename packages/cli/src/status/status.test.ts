import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { askStatus } from './status.ts'
import type { ServiceStatus } from './status.ts'
import { statusText } from './status-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-status-'))
afterAll(() => rmSync(folder, { recursive: true }))
const db = join(folder, 'trader.db')
writeFileSync(`${db}.token`, JSON.stringify({ full: 'f'.repeat(43), read: 'r'.repeat(43) }))

const well: ServiceStatus = {
  status: 'ok',
  environment: 'paper',
  trading_state: 'active',
  pid: 7,
  now_ms: Date.UTC(2026, 0, 5, 12),
  parts: [{ part: 'store', status: 'ok', detail: '12 journal entries' }],
}
const answering =
  (status: number, body: string, seen: RequestInit[] = []): typeof fetch =>
  (_, init) => {
    seen.push(init!)
    return Promise.resolve(new Response(body, { status }))
  }

describe('millrace status [row 92]', () => {
  it('asks with the token that may only look', async () => {
    const seen: RequestInit[] = []
    expect(await askStatus(db, 3000, answering(200, JSON.stringify(well), seen))).toEqual(well)
    expect(seen[0]!.headers).toEqual({ authorization: `Bearer ${'r'.repeat(43)}` })
    expect(statusText(well)).toBe(
      'ok: paper, trading active, process 7, 2026-01-05 12:00:00Z\n\npart   status  detail\n-----  ------  ------------------\nstore  ok      12 journal entries\n',
    )
  })
  it('says who does not answer, and why', async () => {
    const refused = (words: string, request: typeof fetch, file = db) => expect(askStatus(file, 3000, request)).rejects.toThrow(words)
    await refused('nothing answers on port 3000', () => Promise.reject(new TypeError('fetch failed')))
    await refused('port 3000 answered 401: Sign in first', answering(401, '{"title":"Sign in first"}'))
    await refused('port 3000 answered 500: no reason given', answering(500, 'no json'))
    await refused('no dashboard of this version', answering(200, '{"hello":1}'))
    await refused('there is no database', answering(200, '{}'), join(folder, 'other.db'))
    writeFileSync(join(folder, 'pageless.db'), '')
    await refused('pageless.db.token has no token', answering(200, '{}'), join(folder, 'pageless.db'))
  })
})
