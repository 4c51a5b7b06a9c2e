import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow, root } from '../../scripts/lib/repo.ts'

const sources = filesBelow('packages/core/src', ['.ts'])
  .filter((file) => !/\.(test|prop|fixture)\.ts$/.test(file))
  .map((file) => ({ file: file.replace('packages/core/src/', ''), text: readFileSync(join(root, file), 'utf8') }))

const filesWith = (pattern: RegExp): string[] => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file)

// An order leaves in one way: judge -> guard -> submit. Each of these lists is the whole list.

test('[row 23] only the judge makes an approved intent, out of an intent that every rule has seen', () => {
  expect(filesWith(/\bas (unknown as )?ApprovedIntent\b/)).toEqual(['safety/judge.ts'])
  expect(filesWith(/\.approved\b(?! =)/).filter((file) => !file.startsWith('runtime/'))).toEqual([
    // Readiness asks a judge of its own what would be, and sends nothing.
    'engine/readiness.ts',
    'pipeline/stages/guard.ts',
  ])
})

test('[row 23] only the translation of an approved intent asks for an order to be sent', () => {
  expect(filesWith(/type: 'submit', request/).filter((file) => file !== 'contracts/events.ts')).toEqual([
    'engine/submit.ts',
    // The venue's own side of `paper()`: what it is asked from outside, it asks its machine.
    'simulation/paper.ts',
  ])
  expect(filesWith(/record\('intent'/)).toEqual([
    'engine/submit.ts',
    // Writes down again what the journal lost of an order that is at the venue; it asks for nothing to be sent (above).
    'engine/take-lost-order.ts',
  ])
  expect(sources.find(({ file }) => file === 'engine/submit.ts')!.text).toContain('approved: ApprovedIntent')
})
