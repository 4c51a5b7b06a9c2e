import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { routes } from '../src/server/api/all-routes.ts'
import { endAll, npmStartWith } from './npm-start.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-sentinel-'))
const db = join(folder, 'trader.db')
const log = join(folder, 'run.log')
const key = 'sentinel-key-0123456789abcdef'
const hook = 'sentinel-hook-path'
afterEach(endAll)
afterAll(() => rmSync(folder, { recursive: true }))

/** A webhook on this machine that keeps what it is sent. */
async function listener(): Promise<{ readonly url: string; readonly bodies: string[]; close(): void }> {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => bodies.push(text))
    request.on('end', () => response.end())
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${hook}`, bodies, close: () => server.close() }
}

interface Answered {
  readonly path: string
  readonly status: number
  readonly text: string
}

/** What every endpoint answers, the first second of the stream and the metrics included. */
async function everything(url: string, token: string): Promise<readonly Answered[]> {
  const headers = { authorization: `Bearer ${token}`, 'x-millrace': '1', 'content-type': 'application/json', 'idempotency-key': 'sentinel-run' }
  const answers: Answered[] = []
  for (const { method, path, example } of [
    ...routes.filter((each) => each.path !== '/session'),
    { method: 'get', path: '/../../metrics', example: { path: '/../../metrics' } },
  ]) {
    const body = method === 'get' ? undefined : JSON.stringify(example.body ?? {}).replace(/<[a-z ]+>/, token)
    const request = { method: method.toUpperCase(), headers, ...(body === undefined ? {} : { body }) }
    const response = await fetch(new URL(`/api/v1${example.path}`, url), request)
    if (path !== '/stream') {
      answers.push({ path, status: response.status, text: (await response.text()) + JSON.stringify([...response.headers]) })
      continue
    }
    const reader = response.body!.getReader()
    let text = ''
    for (let part = 0; part < 4; part++) text += new TextDecoder().decode((await reader.read()).value as Uint8Array | undefined)
    await reader.cancel()
    answers.push({ path, status: response.status, text })
  }
  return answers
}

test('[fault 64] [row 76] [row 95] every endpoint answers while the eleven bots run (bench-page.ts measures how fast), and no key or token comes out anywhere: not on the terminal, in the log, the database, a notice, the stream or the metrics', async () => {
  const webhook = await listener()
  const run = npmStartWith(
    { COINBASE_API_KEY: key, MILLRACE_LOG: log, MILLRACE_METRICS: '1', MILLRACE_NOTIFY: 'info', MILLRACE_WEBHOOK_URL: webhook.url },
    ...['--market', 'simulated', '--seed', '7', '--speed', '60', '--port', '0', '--db', db],
  )
  const [, link] = await run.says(/page: (http\S+)/)
  const tokens = JSON.parse(readFileSync(`${db}.token`, 'utf8')) as { readonly full: string; readonly read: string }
  expect(new URL(link!).hash).toBe(`#token=${tokens.full}`)
  // A bot has been evaluated, so that there is something to explain.
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  const answers = await everything(link!, tokens.full)
  for (const { path, status } of answers) expect([path, status]).toEqual([path, expect.toBeOneOf([200, 404, 409, 422, 501])])
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(35)
  await expect.poll(() => webhook.bodies.length, { timeout: 5_000 }).toBeGreaterThan(0)
  run.child.kill('SIGINT')
  const { stdout, stderr } = await run.ended
  webhook.close()

  const files = readdirSync(folder).filter((name) => name !== 'trader.db.token')
  expect(files).toEqual(expect.arrayContaining(['run.log', 'trader.db']))
  const places: [string, string][] = [
    ...answers.map(({ path, text }): [string, string] => [path, text]),
    ...files.map((name): [string, string] => [name, readFileSync(join(folder, name), 'latin1')]),
    ['notices', webhook.bodies.join('\n')],
    ['stdout', stdout],
    // The link of the first start is the one place where the token is shown.
    ['stderr', stderr.replace(link!, '')],
  ]
  for (const secret of [key, hook, tokens.full, tokens.read])
    for (const [place, text] of places) expect([place, secret, text.includes(secret)]).toEqual([place, secret, false])
  expect(statSync(log).mode & 0o777).toBe(0o600)
})
