import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { apiReports, declarationText } from '../../scripts/docs/api-report.ts'
import { root } from '../../scripts/lib/repo.ts'
import { parseFile } from '../../scripts/lib/syntax.ts'

test.each(apiReports().map(({ file, text }) => [file, text] as const))('%s is what the package exports; `npm run api` writes it', (file, text) => {
  // Line by line, so that a difference is shown and not the whole file.
  expect(readFileSync(join(root, file), 'utf8').split('\n')).toEqual(text.split('\n'))
})

test('a report shows what users can see of a declaration, and nothing else', () => {
  const shown = (file: string, name: string): string => declarationText({ localName: name, name }, parseFile(`packages/core/src/${file}`))
  expect(shown('exits/stop-loss.ts', 'stopLoss')).toBe('export function stopLoss(fraction: number): ExitRule & {\n    readonly params: Json;\n};')
  expect(shown('safety/blocker-codes.ts', 'blockerUnit')).toBe('export const blockerUnit = (code: string): string => { };')
  expect(shown('safety/judge.ts', 'Judge')).not.toMatch(/private|smallestMaximum|return/)
  expect(shown('safety/judge.ts', 'Judge')).toContain('judge(intent: Intent, view: BotView): number;')
})
