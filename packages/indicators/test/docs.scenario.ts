import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pages } from '../scripts/pages.ts'
import { goldenNames } from './golden.ts'

const folder = new URL('../../../docs/indicators/', import.meta.url)

test('docs/indicators is what the sources say: node --conditions=@millrace/source packages/indicators/scripts/docs.ts', () => {
  const stale = [...pages()].filter(([name, text]) => {
    try {
      return readFileSync(new URL(name, folder), 'utf8') !== text
    } catch {
      return true
    }
  })
  expect(stale.map(([name]) => name)).toEqual([])
  const known = new Set([...pages().keys(), 'speed.md'])
  expect(
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => /\.(md|svg)$/.test(name) && !known.has(name)),
  ).toEqual([])
})

test('the overview lists what is not offered yet, and nothing that has a golden file here', () => {
  const overview = pages().get('README.md')!
  for (const name of ['HT_DCPERIOD', 'HT_DCPHASE', 'HT_PHASOR', 'HT_TRENDMODE', 'MAMA', 'candlestick patterns']) {
    expect(overview).toContain(name)
    expect(goldenNames).not.toContain(name)
  }
})

test('[INC-74] every indicator names where its formula comes from', () => {
  const own = [...pages()].filter(([name, text]) => name.endsWith('.md') && /^## Definition$/m.test(text))
  expect(own.length).toBeGreaterThan(70)
  expect(own.filter(([, text]) => !/^Source: \S.{3,}\.$/m.test(text)).map(([name]) => name)).toEqual([])
})
