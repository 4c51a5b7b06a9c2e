import { expect, test } from 'vitest'
import { runCommand } from '../../scripts/lib/command.ts'
import { root } from '../../scripts/lib/repo.ts'

// Only `npm run test:full` asks for it: it takes longer than all other tests of the documents together.

test('the reference of every public export is made without a warning [row 98]', async () => {
  const { output, exitCode } = await runCommand(process.execPath, ['scripts/docs.ts'], { cwd: root, limitSeconds: 300 })
  expect(output).not.toContain('[warning]')
  expect(exitCode).toBe(0)
})
