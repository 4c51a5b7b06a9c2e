import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { capturedTerminal } from '../src/captured-terminal.fixture.ts'
import { main } from '../src/main.ts'

/** What one command of a page said. */
export interface SaidByCommand {
  readonly line: string
  readonly stdout: string
}

/**
 * Does what a page of the documents says, in a folder: saves its JSON under a name and runs its commands, in this process. Every command must end with exit code 0; a text block after a
 * command must be how its output begins.
 */
export async function followPage(page: string, folder: string, json: string): Promise<readonly SaidByCommand[]> {
  const text = readFileSync(fileURLToPath(new URL(`../../../docs/${page}`, import.meta.url)), 'utf8')
  const home = process.cwd()
  const said: SaidByCommand[] = []
  process.chdir(folder)
  try {
    for (const [, language, block = ''] of text.matchAll(/```(sh|json|text)\n([\s\S]*?)```/g)) {
      if (language === 'json') writeFileSync(json, block)
      else if (language === 'text') expect(said.at(-1)?.stdout.slice(0, block.length)).toBe(block)
      else for (const line of block.trim().split('\n')) said.push(await run(line))
    }
  } finally {
    process.chdir(home)
  }
  return said
}

async function run(line: string): Promise<SaidByCommand> {
  const [, words] = /^npm run millrace -- (.+)$/.exec(line) ?? []
  expect(words, line).toBeDefined()
  const terminal = capturedTerminal()
  expect([line, await main(words!.split(' '), terminal), terminal.stderr()]).toEqual([line, 0, expect.any(String)])
  return { line, stdout: terminal.stdout() }
}
