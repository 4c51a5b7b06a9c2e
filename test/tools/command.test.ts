import { expect, test } from 'vitest'
import { runCommand } from '../../scripts/lib/command.ts'

const node = (code: string, limitSeconds: number): ReturnType<typeof runCommand> => runCommand(process.execPath, ['-e', code], { limitSeconds })

test('a command gives its exit code and what it printed', async () => {
  expect(await node('console.log(1); console.error(2); process.exit(3)', 10)).toMatchObject({
    exitCode: 3,
    output: expect.stringMatching(/^(1\n2\n|2\n1\n)$/) as string,
    timedOut: false,
  })
})

test('past its limit a command is killed with all that it started', async () => {
  const result = await node(`require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 1, 1000)'], { stdio: 'inherit' })`, 1)
  expect(result).toMatchObject({ timedOut: true }) // it returns only when the grandchild has let go of the pipe
  expect(result.exitCode).not.toBe(0)
  expect(result.seconds).toBeLessThan(5)
})

test('a command that is not there fails with its name', async () => {
  expect(await runCommand('no-such-command', [])).toMatchObject({ exitCode: 127, output: expect.stringContaining('no-such-command') as string })
})
