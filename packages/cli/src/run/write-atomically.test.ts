import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mustBeWritable, writeAtomically } from './write-atomically.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'millrace-write-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('writeAtomically', () => {
  it('puts new content in the place of the old and leaves nothing beside it', () => {
    writeAtomically(join(folder, 'a.json'), 'old')
    writeAtomically(join(folder, 'a.json'), 'new')
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe('new')
    expect(readdirSync(folder)).toEqual(['a.json'])
  })
  it('leaves no part behind when it fails', () => {
    mkdirSync(join(folder, 'a.json'))
    expect(() => writeAtomically(join(folder, 'a.json'), 'new')).toThrow('EISDIR')
    expect(readdirSync(folder)).toEqual(['a.json'])
  })
})

describe('mustBeWritable', () => {
  it('allows a new file and an old one', () => {
    writeAtomically(join(folder, 'a.json'), 'old')
    expect(() => mustBeWritable(join(folder, 'a.json'))).not.toThrow()
    expect(() => mustBeWritable(join(folder, 'b.json'))).not.toThrow()
  })
  it('refuses a folder, and a folder that does not exist', () => {
    expect(() => mustBeWritable(folder)).toThrow('it is a folder')
    expect(() => mustBeWritable(join(folder, 'missing', 'a.json'))).toThrow('cannot write')
  })
})
