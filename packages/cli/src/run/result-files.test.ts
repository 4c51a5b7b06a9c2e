import { describe, expect, it } from 'vitest'
import { overwriting } from './result-files.ts'

describe('overwriting', () => {
  it.each([
    [{ json: './bots.json' }, { configuration: 'bots.json' }, '--json must not name the configuration'],
    [{ html: 'a/../run.db', json: true }, { configuration: 'bots.json', database: 'run.db' }, '--html must not name the database'],
    [{ html: 'x', csv: undefined, trades: './x' }, {}, 'two results cannot go into the same file'],
  ])('%j over %j is told', (results, kept, words) => {
    expect(overwriting(results, kept)).toContain(words)
  })
  it('lets go what is different, and what goes to stdout', () => {
    expect(overwriting({ json: true, html: 'x', trades: 'y' }, { configuration: 'bots.json', candles: undefined })).toBeUndefined()
  })
})
