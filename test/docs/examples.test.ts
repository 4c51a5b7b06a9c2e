import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { examples } from 'virtual:doc-examples'

// An example may make files and print; neither is to stay.
const home = process.cwd()
const folder = mkdtempSync(join(tmpdir(), 'millrace-docs-'))
beforeAll(() => {
  process.chdir(folder)
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true })
})

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(0)
})

for (const example of examples) {
  test(example.name, async ({ skip }) => {
    if (example.skip !== undefined) skip(example.skip)
    const { run } = await example.load()
    await run(expect)
  })
}
