import type { Part } from './run-part.ts'

/** What a long run is doing: each part as it begins, each file that took long, and every minute how far all of them are. */
export interface Progress {
  begins(part: Pick<Part, 'name' | 'wide'>): void
  /** Takes what the tools of a part print, as it comes. */
  reads(part: string, output: string): void
  ends(part: string): void
  /** To be called once a minute. */
  tick(): void
}

/** A file that took longer than this is told of at once. */
const LONG_MS = 10_000
/** A finished file in the words of vitest. */
const finished = /^ [✓❯] \|\w+\| (\S+) \((\d+) tests?\b.*?\) (\d+)ms$/

export function createProgress(print: (line: string) => void, seconds: () => number): Progress {
  const files = new Map<string, number>()
  const rest = new Map<string, string>()
  return {
    begins({ name, wide = 'as in npm test' }) {
      files.set(name, 0)
      print(`  ${seconds().toFixed(0)} s: ${name} begins: ${wide}`)
    },
    reads(name, output) {
      const lines = ((rest.get(name) ?? '') + output).split('\n')
      rest.set(name, lines.pop()!)
      for (const line of lines) {
        const [, file, tests, ms] = finished.exec(line) ?? []
        if (file === undefined) continue
        files.set(name, (files.get(name) ?? 0) + 1)
        if (Number(ms) >= LONG_MS) print(`  ${seconds().toFixed(0)} s: ${name}: ${file}, ${tests} tests in ${(Number(ms) / 1000).toFixed(0)} s`)
      }
    },
    ends(name) {
      files.delete(name)
    },
    tick() {
      const running = [...files].map(([name, count]) => `${name}, ${count} files done`)
      if (running.length > 0) print(`  ${seconds().toFixed(0)} s: ${running.join('; ')}`)
    },
  }
}
