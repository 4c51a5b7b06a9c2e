import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parts } from '../../scripts/gate/parts.ts'
import { filesBelow, root } from '../../scripts/lib/repo.ts'

const read = (file: string): string => readFileSync(join(root, file), 'utf8')

test('[INC-04] every safety rule is called by tests that stand beside it, and those are a part of the gate that fails it', () => {
  const files = filesBelow('packages/core/src/safety', ['.ts'])
  const tests = files.filter((file) => file.endsWith('.test.ts')).map(read)
  const rules = files
    .filter((file) => !/\.(test|prop|fixture)\.ts$/.test(file))
    .flatMap((file) => [...read(file).matchAll(/^export (?:function|const) (\w+)[^\n]*(?:readonly )?ConfiguredRule\b/gm)].map(([, name]) => name!))
  expect(rules.length).toBeGreaterThan(10)
  // A call, and at least one word on what it denies: a rule that only ever allows guards nothing.
  expect(rules.filter((name) => !tests.some((text) => new RegExp(`\\b${name}\\(`).test(text)))).toEqual([])
  expect(parts.some(({ projects }) => projects.includes('unit'))).toBe(true)
})
