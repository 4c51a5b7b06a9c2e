import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtIns } from '@millrace/core'
import { exchangeContractRows } from '@millrace/core/testing'
import { catalog } from '@millrace/indicators'
import { expect, test } from 'vitest'
import { faults } from '../../scripts/contract/faults.ts'
import { filesBelow, root } from '../../scripts/lib/repo.ts'

const list = readFileSync(join(root, 'docs/README.md'), 'utf8')

/** The four kinds of page, each with its folder and the heading of its list: to learn, to do, to understand and to look up are not mixed. */
const kinds = [
  ['tutorials', 'to learn'],
  ['how-to', 'to do'],
  ['concepts', 'to understand'],
  ['reference', 'to look up'],
] as const

/** The rows of the list under a heading. */
const rowsUnder = (heading: string): string => list.split(/^\| to /m).find((part) => `to ${part}`.startsWith(heading)) ?? ''

test.each(kinds)('[row 99] every page of %s is listed where one comes %s', (folder, heading) => {
  const pages = filesBelow(`docs/${folder}`, ['.md'])
  expect(pages.length).toBeGreaterThan(0)
  const rows = rowsUnder(heading)
  expect(pages.filter((page) => !rows.includes(`](${page.replace('docs/', '')})`))).toEqual([])
  // And no page of another kind among them.
  for (const [other] of kinds) if (other !== folder) expect(rows).not.toContain(`](${other}/`)
})

test('[row 99] the documents that a stranger needs are there, and the first page leads to them', () => {
  const needed = {
    'the first page': 'README.md',
    architecture: 'ARCHITECTURE.md',
    words: 'GLOSSARY.md',
    'decisions and what was learned': 'DECISIONS.md',
    'the first run': 'docs/tutorials/first-run.md',
    'the first backtest': 'docs/tutorials/first-backtest.md',
    'the guide of strategies': 'docs/how-to/write-a-strategy.md',
    'the guide of every other plugin': 'docs/how-to/write-any-plugin.md',
    'the guide of exchanges': 'docs/how-to/write-an-exchange-adapter.md',
    'plugins in a configuration': 'docs/how-to/use-your-own-plugins.md',
    'the runbook': 'docs/how-to/operate.md',
    'the quick reference': 'docs/reference/quick-reference.md',
    'the command line': 'docs/reference/cli.md',
    'the HTTP interface': 'docs/reference/http-api.md',
    'limits and risks': 'docs/concepts/limits-and-risks.md',
    'other systems': 'docs/concepts/comparison.md',
    examples: 'examples/README.md',
  }
  const reachable = list + readFileSync(join(root, 'README.md'), 'utf8')
  for (const [what, file] of Object.entries(needed)) {
    expect(existsSync(join(root, file)), what).toBe(true)
    if (file !== 'README.md') expect(reachable.includes(file.replace('docs/', '')), `${what} is linked`).toBe(true)
  }
})

test('the first page shows a picture and is what one screen can sell: both stand before the first heading', () => {
  const first = readFileSync(join(root, 'README.md'), 'utf8').split(/^## /m)[0]!
  const picture = /!\[[^\]]+\]\(([^)]+)\)/.exec(first)?.[1]
  expect(picture).toBeDefined()
  expect(existsSync(join(root, picture!))).toBe(true)
  expect(first.split('\n').length).toBeLessThanOrEqual(20)
})

test('what the first pages count is as many in the code', () => {
  const { strategies, exits, sizing, tranchePlans, safety } = builtIns
  // `combine` puts strategies together and is none itself.
  const counts: readonly (readonly [file: string, words: RegExp, count: number])[] = [
    ['README.md', /([\d,]+)\s+indicators, /, Object.keys(catalog).length],
    ['README.md', / (\d+) strategies, /, Object.keys(strategies).length - 1],
    ['README.md', / (\d+) safety rules /, Object.keys(safety).length],
    ['README.md', /\| indicators \| \[(\d+)\]/, Object.keys(catalog).length],
    ['README.md', /\| strategies \| \[(\d+)\]/, Object.keys(strategies).length - 1],
    ['README.md', /\[(\d+) sizers, /, Object.keys(sizing).length],
    ['README.md', / (\d+) tranche plans\]/, Object.keys(tranchePlans).length],
    ['README.md', /\[(\d+) exit rules\]/, Object.keys(exits).length],
    ['README.md', /\[(\d+) rules, circuit breakers\]/, Object.keys(safety).length],
    ['README.md', /; (\d+) faults each have a test/, faults.length],
    ['docs/README.md', /\| (\d+) faults, /, faults.length],
    ['docs/README.md', /its kit of (\d+) cases/, exchangeContractRows.length],
  ]
  for (const [file, words, count] of counts) expect(words.exec(readFileSync(join(root, file), 'utf8'))?.[1], `${file}: ${String(words)}`).toBe(String(count))
})
