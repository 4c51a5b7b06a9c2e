import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { markdownFences } from '../../scripts/docs/fences.ts'
import { root } from '../../scripts/lib/repo.ts'
import { runCommand } from '../../scripts/lib/command.ts'
import type { CommandResult } from '../../scripts/lib/command.ts'
import type { Consumer } from './consumer.ts'

/** What a stranger copies out of the guide: the module and the configuration, as they stand there. */
export function guideFiles(): { readonly module: string; readonly config: string } {
  const file = 'docs/how-to/use-your-own-plugins.md'
  const text = readFileSync(join(root, file), 'utf8')
  const fence = markdownFences(file, text).find(({ code }) => code.includes("id: 'dip'"))
  const config = /```json\n([\s\S]*?)```/.exec(text)?.[1]
  if (fence === undefined || config === undefined) throw new Error(`${file} has no strategy dip, or no configuration`)
  // "with `export` before each", and without the line that only shows what comes out.
  const module = fence.code.replace(/^const /gm, 'export const ').replace(/^.*\/\/ => .*$/gm, '')
  return { module, config }
}

/** The strategy of the guide with one mistake, and what the compiler says of it. */
export const mistakes: readonly (readonly [what: string, from: string, to: string, says: RegExp])[] = [
  ['a component that was not declared', "signal.add('distance'", "signal.add('distnace'", /'"distnace"' is not assignable to parameter of type '"distance"'/],
  ['a reading that was not declared', 'readings.mean.value', 'readings.average.value', /Property 'average' does not exist/],
  ['a parameter that there is not', '_p, signal) {', 'p, signal) {\n    void p.length', /Property 'length' does not exist on type '\{ period: number; \}'/],
  ['a score that is text', 'Math.max(-1, Math.min(1, -distance))', "'buy'", /Argument of type 'string' is not assignable to parameter of type 'number'/],
  ['a parameter of another type', 'dip({ period: 5 })', "dip({ period: 'five' })", /Type 'string' is not assignable to type 'number/],
]

const compilerOptions = {
  ...{ target: 'es2024', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, types: [] },
  ...{ erasableSyntaxOnly: true, verbatimModuleSyntax: true, allowImportingTsExtensions: true },
}

/** Compiles files of the project as its own compiler would. */
export function compile(project: Consumer, files: readonly string[]): Promise<CommandResult> {
  project.write('tsconfig.json', JSON.stringify({ compilerOptions, files }))
  return project.node(join(root, 'node_modules', 'typescript-7', 'bin', 'tsc'))
}

/** Runs the installed command to its end. */
export const millrace = (project: Consumer, ...args: readonly string[]): Promise<CommandResult> =>
  runCommand(join(project.folder, 'node_modules', '.bin', 'millrace'), args, { cwd: project.folder, limitSeconds: 60 })

/** Starts a run and does something while it goes on, which also ends it. */
export async function whileRunning<T>(
  project: Consumer,
  args: readonly string[],
  act: () => Promise<T>,
): Promise<{ readonly acted: T; readonly exitCode: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [join(project.folder, 'node_modules', 'millrace', 'dist', 'bin.js'), ...args], {
    cwd: project.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  await new Promise<void>((resolve, reject) => {
    const hear = (data: Buffer): void => {
      output += data.toString()
      if (output.includes('engine pid')) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    void ended.then((exitCode) => reject(new Error(`the run ended with exit code ${exitCode} before it began\n${output}`)))
  })
  const acted = await act()
  return { acted, exitCode: await ended, output }
}
