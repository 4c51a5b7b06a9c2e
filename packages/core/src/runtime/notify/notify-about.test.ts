import { Subject } from 'rxjs'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../contracts/engine.ts'
import type { Notice, Notifier } from '../../contracts/notifier.ts'
import type { EpochMs } from '../../model/time.ts'
import { simulatedClock } from '../../testing/simulated-clock.ts'
import { createRedact } from '../redact.ts'
import { consoleNotifier, webhookNotifier } from './notifiers.ts'
import { notifyAbout } from './notify-about.ts'

let alerts$: Subject<Alert>
let clock: ReturnType<typeof simulatedClock>
let told: Notice[]
const collecting: Notifier = {
  id: 'collecting',
  notify(notice) {
    told.push(notice)
    return Promise.resolve()
  },
}
beforeEach(() => {
  alerts$ = new Subject()
  clock = simulatedClock(0)
  told = []
})
const alert = (severity: Alert['severity'], code = 'STALE_DATA', detail = 'no price', botId: string | undefined = 'btc'): void =>
  alerts$.next({ severity, code, detail, botId, atMs: clock.nowMs() })
const about = (options: Partial<Parameters<typeof notifyAbout>[1]> = {}) =>
  notifyAbout({ alerts$ }, { notifiers: [collecting], redact: createRedact(['hunter2-hunter2']), clock, ...options })

describe('people are told', () => {
  it('of what is grave enough, and of nothing else', () => {
    const stop = about()
    alert('info')
    alert('warning')
    alert('critical', 'EMERGENCY_STOP', 'asked for')
    expect(told.map(({ severity, code }) => [severity, code])).toEqual([
      ['warning', 'STALE_DATA'],
      ['critical', 'EMERGENCY_STOP'],
    ])
    stop()
    alert('critical')
    expect(told).toHaveLength(2)
  })
  it('of the same thing once a minute, with how often it was held back, and of another bot at once', () => {
    about()
    for (let n = 0; n < 5; n++) alert('warning')
    alert('warning', 'STALE_DATA', 'no price', 'eth')
    expect(told.map(({ botId }) => botId)).toEqual(['btc', 'eth'])
    clock.advance(59_999)
    alert('warning')
    expect(told).toHaveLength(2)
    clock.advance(1)
    alert('warning')
    expect(told[2]).toMatchObject({ botId: 'btc', heldBack: 5 })
  })
  it('of so many things a minute, critical ones aside', () => {
    about({ perMinute: 3 })
    for (let n = 0; n < 10; n++) alert('warning', `CODE_${n}`)
    expect(told).toHaveLength(3)
    for (let n = 0; n < 5; n++) alert('critical', 'EMERGENCY_STOP')
    expect(told).toHaveLength(8)
    clock.advance(60_000)
    alert('warning', 'CODE_9')
    expect(told.at(-1)).toMatchObject({ code: 'CODE_9', heldBack: 1 })
  })
  it('nothing that is secret [row 95] [sentinel]', () => {
    about()
    alert('critical', 'LISTENER_FAILED', 'login with hunter2-hunter2 failed')
    expect(told[0]!.text).toBe('login with [redacted] failed')
  })
  it('by the others, when one of them fails, rejecting or throwing', async () => {
    const failures: [string, unknown][] = []
    const throwing: Notifier = {
      id: 'throwing',
      notify: () => {
        throw new Error('at once')
      },
    }
    const rejecting: Notifier = { id: 'rejecting', notify: () => Promise.reject(new Error('later')) }
    about({ notifiers: [throwing, rejecting, collecting], onError: (id, error) => failures.push([id, (error as Error).message]) })
    alert('critical')
    expect(told).toHaveLength(1)
    await expect
      .poll(() => failures)
      .toEqual([
        ['throwing', 'at once'],
        ['rejecting', 'later'],
      ])
  })
})

const notice: Notice = { severity: 'critical', code: 'EMERGENCY_STOP', text: 'asked for', botId: undefined, atMs: 0 as EpochMs, heldBack: 2 }

it('on the console: one line', async () => {
  const lines: string[] = []
  await consoleNotifier((line) => lines.push(line)).notify(notice)
  expect(lines).toEqual(['1970-01-01T00:00:00.000Z CRITICAL EMERGENCY_STOP: asked for (2 more before)'])
})

describe('by a webhook', () => {
  it('as JSON, with no redirect followed, and a refusal is a failure', async () => {
    const sent: [string, RequestInit | undefined][] = []
    let status = 200
    const hook = webhookNotifier({
      url: 'https://hooks.example/abc',
      fetch: (url, init) => {
        sent.push([new Request(url).url, init])
        return Promise.resolve(new Response(null, { status }))
      },
    })
    await hook.notify(notice)
    const [url, init] = sent[0]!
    expect([url, init!.method, init!.redirect]).toEqual(['https://hooks.example/abc', 'POST', 'error'])
    expect(JSON.parse(init!.body as string)).toMatchObject({
      code: 'EMERGENCY_STOP',
      severity: 'critical',
      detail: 'asked for',
      text: expect.stringContaining('CRITICAL EMERGENCY_STOP') as string,
    })
    status = 500
    await expect(hook.notify(notice)).rejects.toThrow('the webhook answered 500')
  })
  it('only where nobody reads along, and its address stands in no error', () => {
    for (const url of ['http://hooks.example/secret-path', 'ftp://x/secret-path', 'secret-path', 'https:/'])
      expect(() => webhookNotifier({ url })).toThrow(/^(?!.*secret-path)webhook: expected/)
    expect(webhookNotifier({ url: 'http://127.0.0.1:9/x' }).id).toBe('webhook')
  })
})
