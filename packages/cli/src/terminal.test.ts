import { describe, expect, it } from 'vitest'
import { hasColour, sayLine } from './terminal.ts'

const output = (isTty: boolean) => {
  const written: string[] = []
  return { written, write: (text: string) => void written.push(text), isTty, columns: 80 }
}

describe('hasColour', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
  ])('on a terminal: %s, with %j: %s', (isTty, env, expected) => expect(hasColour(output(isTty), env)).toBe(expected))
})

describe('sayLine', () => {
  it('clears the progress line on a terminal and adds nothing in a pipe', () => {
    const [terminal, pipe] = [output(true), output(false)]
    sayLine(terminal, 'x')
    sayLine(pipe, 'x')
    expect([terminal.written, pipe.written]).toEqual([['\r\u001B[Kx\n'], ['x\n']])
  })
})
