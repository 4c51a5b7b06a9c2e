import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SweepIdentity } from '@millrace/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSweepFile } from './sweep-file.ts'

const identity: SweepIdentity = {
  ...{ datasets: [], configHash: 'c', codeVersion: 'v', seed: 7, parameters: [{ name: 'fast', values: ['é'] }] },
  ...{ search: 'grid', objective: 'return', minRoundTrips: 1, folds: [] },
}
let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'millrace-sweep-file-'))))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a file of results', () => {
  it('that two runs write keeps the lines of one, and the other one ends', () => {
    const path = join(folder, 'two.jsonl')
    const [first, second] = [openSweepFile(path, identity), openSweepFile(path, identity)]
    first.append('{"fold":0}')
    expect(() => second.append('{"fold":0}')).toThrow('two.jsonl is written by another run as well: end one of them, or name another file')
    first.append('{"fold":1}')
    first.close()
    second.close()
    const lines = readFileSync(path, 'utf8').split('\n')
    expect(lines.slice(1)).toEqual(['{"fold":0}', '{"fold":1}', ''])
  })
  it('is gone on with after a cut in the middle of a line, a letter or the header', () => {
    const path = join(folder, 'cut.jsonl')
    const whole = openSweepFile(path, identity)
    for (const line of ['{"refused":"é"}', '{"refused":"ü"}']) whole.append(line)
    whole.close()
    const bytes = readFileSync(path)
    for (const cut of [3, bytes.length - 20, bytes.length - 5]) {
      writeFileSync(path, bytes.subarray(0, cut))
      const again = openSweepFile(path, identity)
      const stored: string[] = []
      for (let line = again.next(); line !== undefined; line = again.next()) stored.push(line)
      for (const line of ['{"refused":"é"}', '{"refused":"ü"}'].slice(stored.length)) again.append(line)
      again.close()
      expect(readFileSync(path).equals(bytes)).toBe(true)
    }
  })
})
