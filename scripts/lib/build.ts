import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './command.ts'
import { publishedPackages } from './packages.ts'
import { root, tool } from './repo.ts'

/** Builds every published package into its `dist`, as many at a time as there are processors. */
export async function buildPackages(print: (line: string) => void): Promise<void> {
  const waiting = publishedPackages()
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const cwd = join(root, next.folder)
      rmSync(join(cwd, 'dist'), { recursive: true, force: true })
      const { exitCode, output, seconds } = await runCommand(tool('tsup'), [], { cwd, limitSeconds: 120 })
      if (exitCode !== 0) throw new Error(`tsup failed in ${next.folder} with exit code ${exitCode}\n${output}`)
      print(`built ${next.json.name} in ${seconds.toFixed(1)} s`)
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), waiting.length) }, worker))
}
