import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { noticeOf } from './notice.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-notice-'))
afterAll(() => rmSync(folder, { recursive: true }))
const found = { place: 'evaluate() at file:own.ts:3', limitMs: 500, nowMs: 7 }

it('asks for a halted start and says so', () => {
  const haltFile = join(folder, 'run.db.halt')
  expect(noticeOf({ ...found, haltFile })).toContain(`the next start will be halted (${haltFile})`)
  expect(JSON.parse(readFileSync(haltFile, 'utf8'))).toEqual({
    reason: 'the process stood still for 0.5 s, in evaluate() at file:own.ts:3: the watchdog ended it',
    atMs: 7,
  })
})

it('says that it could not, instead of failing: the process must end all the same', () =>
  expect(noticeOf({ ...found, haltFile: join(folder, 'not-there', 'run.db.halt') })).toMatch(/will NOT be halted, .* could not be written: ENOENT/))
