import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseConfig } from '@millrace/core'
import type { OptimizeResult } from '@millrace/core'
import { expect, test } from 'vitest'
import { capturedTerminal } from '../src/captured-terminal.fixture.ts'
import { main } from '../src/main.ts'
import { createProgram } from '../src/program.ts'
import { temporaryFolder } from './millrace-process.ts'

const tutorial = readFileSync(fileURLToPath(new URL('../../../docs/tutorials/optimise.md', import.meta.url)), 'utf8')
const fences = [...tutorial.matchAll(/```(sh|json)\n([\s\S]*?)```/g)].map(([, language, text]) => ({ language, text: text! }))

/** Reads a command line without running it: what needs a Redis is run by `sweep.scenario.ts`. */
async function read(words: readonly string[]): Promise<void> {
  const program = createProgram({ terminal: capturedTerminal(), exitCode: 0 })
  const part = program.commands.find((command) => command.name() === 'sweep')!.commands.find((command) => command.name() === words[1])!
  await part
    .exitOverride()
    .action(() => undefined)
    .parseAsync(words.slice(2), { from: 'user' })
}

test('the tutorial of the search works as it is written, offline', async () => {
  const home = process.cwd()
  const folder = temporaryFolder()
  process.chdir(folder)
  let commands = 0
  try {
    for (const { language, text } of fences) {
      if (language === 'json') {
        writeFileSync('bots.json', text)
        continue
      }
      const [, words] = /^npm run millrace -- (.+)$/.exec(text.trim()) ?? []
      expect(words, text).toBeDefined()
      const argv = words!.split(' ')
      commands++
      if (argv[0] === 'sweep') {
        await read(argv)
        continue
      }
      const terminal = capturedTerminal()
      const exitCode = await main(argv[0] === 'optimize' ? [...argv, '--threads', '1'] : argv, terminal)
      const [first = ''] = terminal.stdout().split('\n')
      // Made-up prices: whatever is found, it is not sold as more than it is.
      if (argv[0] === 'optimize')
        expect([first.split(':')[0], exitCode]).toEqual([expect.stringMatching(/^(FAILS OUT OF SAMPLE|NOT PROVEN)$/), first.startsWith('FAILS') ? 3 : 0])
      else expect([text, exitCode]).toEqual([text, 0])
    }
  } finally {
    process.chdir(home)
  }
  expect(commands).toBe(6)
  const lines = readFileSync(join(folder, 'search.jsonl'), 'utf8').trimEnd().split('\n')
  expect(lines).toHaveLength(1 + 36 + 1)
  const result = JSON.parse(readFileSync(join(folder, 'search.json'), 'utf8')) as OptimizeResult
  expect(result.folds).toHaveLength(4)
  expect(result.folds.every(({ trials, refused }) => trials === 36 && refused === 3)).toBe(true)
  expect(parseConfig(JSON.parse(readFileSync(join(folder, 'winner.json'), 'utf8'))).bots[0]!.strategy.params).toMatchObject(result.winner!.values)
  expect(readFileSync(join(folder, 'search.html'), 'utf8')).toContain('Walk forward')
})
