import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { ConfigError } from '@millrace/core'
import { fakeEngine } from '../test/fake-engine.ts'
import { aFill, anAlert } from '../test/hand-made-facts.ts'
import { operations } from './operations.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('[row 95] [sentinel] writes what happens as JSON lines for its owner only, and a key or token in none of them, nor on the page or the terminal', () => {
  const file = join(folder, 'run.log')
  const printed: string[] = []
  const engine = fakeEngine()
  const watched = operations({ MILLRACE_LOG: file, MILLRACE_NOTIFY: 'info', COINBASE_API_KEY: 'sentinel-of-a-key' }, (line) => printed.push(line))
  watched.keepSecret(['sentinel-of-a-token'])
  watched.watch(engine)
  engine.alert({ ...anAlert, detail: 'refused with sentinel-of-a-key', severity: 'critical' })
  engine.fill({ ...aFill, source: 'x' })
  watched.logger.error('sentinel-of-a-token was wrong', { deep: { er: ['sentinel-of-a-key'] } })
  watched.close()
  engine.fill(aFill)
  const text = readFileSync(file, 'utf8')
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { message: string; level: string })
  expect(lines.map(({ level, message }) => [level, message])).toEqual([
    ['error', 'alert STALE_DATA: refused with [redacted]'],
    ['info', 'fill'],
    ['error', '[redacted] was wrong'],
  ])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(printed).toHaveLength(1)
  expect(watched.logs.lines()).toHaveLength(3)
  expect(`${text}${printed.join()}${JSON.stringify(watched.logs.lines())}`).not.toContain('sentinel')
})

it('refuses a severity that there is not, and an address that others could read along', () => {
  expect(() => operations({ MILLRACE_NOTIFY: 'loud' }, () => undefined)).toThrow(ConfigError)
  expect(() => operations({ MILLRACE_WEBHOOK_URL: 'http://hooks.example/x' }, () => undefined)).toThrow(RangeError)
})
