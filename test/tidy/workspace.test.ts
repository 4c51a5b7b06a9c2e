import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readJson } from '../../scripts/lib/packages.ts'
import type { PackageJson } from '../../scripts/lib/packages.ts'
import { filesBelow, root } from '../../scripts/lib/repo.ts'
import { importCycles } from '../../scripts/tidy/cycles.ts'
import { nondeterminism } from '../../scripts/tidy/determinism.ts'
import { wrongDirections } from '../../scripts/tidy/direction.ts'
import { strayMoney } from '../../scripts/tidy/money.ts'
import { determinismExceptions, sizeExceptions } from '../../scripts/tidy/exceptions.ts'
import { oversized } from '../../scripts/tidy/sizes.ts'
import { problemText, workspaceEntries, workspaceSources } from '../../scripts/tidy/source.ts'
import type { Problem } from '../../scripts/tidy/source.ts'
import { unmatchedTasks } from '../../scripts/tidy/tasks.ts'
import { deadLinks, leftoverMarkers, privatePaths } from '../../scripts/tidy/texts.ts'

const sources = workspaceSources()
const entries = workspaceEntries()
const texts = filesBelow('.', ['.ts', '.tsx', '.mjs', '.js', '.css', '.html', '.md', '.json', '.yaml', '.yml', 'run']).map((path) => ({
  path,
  text: readFileSync(join(root, path), 'utf8'),
}))
const documents = texts.filter((file) => file.path.endsWith('.md'))

const expectTidy = (problems: readonly Problem[]): void => expect(problems.map(problemText)).toEqual([])

test('dependencies go one way, between packages and inside core', () => expectTidy(wrongDirections(sources, entries)))
test('[INC-47] no imports go round in a circle', () => expectTidy(importCycles(sources, entries)))
test('deterministic code uses no clock, timer, chance or surroundings', () => expectTidy(nondeterminism(sources, determinismExceptions)))
test('money is calculated in model/money.ts and ledger/ only', () => expectTidy(strayMoney(sources)))
test('files and functions are small, or have a reason', () => expectTidy(oversized(sources, sizeExceptions)))
test('nothing unfinished is left over', () => expectTidy(leftoverMarkers(texts)))
test('every relative link of the documents leads somewhere', () => expectTidy(deadLinks(documents, (path) => existsSync(join(root, path)))))
test('no file names the machine it was written on', () => expectTidy(privatePaths(texts, [homedir(), dirname(root)])))
test('every task of the root goes through the bootstrap and exists', () => {
  const { scripts } = readJson(join(root, 'package.json')) as PackageJson
  const campaigns = existsSync(join(root, 'scripts', 'campaigns')) ? filesBelow('scripts/campaigns', ['.ts']).map((path) => basename(path, '.ts')) : []
  const benchmarks = filesBelow('benchmarks', ['main.ts']).map((path) => basename(dirname(path)))
  expectTidy(unmatchedTasks(scripts ?? {}, campaigns, benchmarks))
})
