import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheDirectory } from '../lib/repo.ts'
import type { TestResult } from './report.ts'

const resultsFile = join(cacheDirectory, 'results.json')

/** Keeps the tests of a whole run for `npm run contract`. */
export function writeResults(tests: readonly TestResult[]): void {
  mkdirSync(dirname(resultsFile), { recursive: true })
  writeFileSync(resultsFile, JSON.stringify(tests))
}

/** Returns the tests of the last whole run, or undefined if there was none. */
export const readResults = (): readonly TestResult[] | undefined =>
  existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as TestResult[]) : undefined
