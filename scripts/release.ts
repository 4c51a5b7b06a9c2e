import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { buildPackages } from './lib/build.ts'
import { publishedPackages } from './lib/packages.ts'
import { inOrder, releaseProblems } from './lib/release.ts'
import { packAll } from './lib/tarballs.ts'

// `npm run release -- --tag v1.2.3` publishes what pnpm packs, with provenance; only continuous integration can, because it signs. `--dry-run` publishes nothing.
const { values } = parseArgs({ options: { tag: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } } })
const problems = releaseProblems(
  publishedPackages().map(({ json }) => json),
  values.tag ?? '(none)',
)
if (problems.length > 0) {
  for (const problem of problems) console.error(`release: ${problem}`)
  process.exitCode = 1
} else await release(values['dry-run'])

async function release(dryRun: boolean): Promise<void> {
  await buildPackages((line) => console.error(line))
  const tarballs = await packAll()
  for (const { json } of inOrder(tarballs.map((each) => ({ ...each, ...each.json, json: each })))) {
    const args = ['publish', json.path, '--access', 'public', ...(dryRun ? ['--dry-run'] : ['--provenance'])]
    const { status } = spawnSync('npm', args, { stdio: 'inherit' })
    if (status !== 0) {
      console.error(
        `release: ${json.name} was not published; what came before it was. Run it again when the cause is gone: npm refuses a version that is there.`,
      )
      process.exitCode = 1
      return
    }
  }
}
