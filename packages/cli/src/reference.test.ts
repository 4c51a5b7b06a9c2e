import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { referencePages } from '../scripts/cli-reference.ts'
import { exitCodeMeanings, exitCodes } from './exit-codes.ts'

describe('reference pages', () => {
  it.each(referencePages.map((page) => ({ ...page, name: basename(page.file.pathname) })))(
    '$name is what the commands say (else run packages/cli/scripts/cli-reference.ts)',
    ({ file, make }) => {
      expect(readFileSync(file, 'utf8')).toBe(make())
    },
  )
  it('explains every exit code once', () => expect(exitCodeMeanings.map(({ code }) => code)).toEqual(Object.values(exitCodes)))
})
