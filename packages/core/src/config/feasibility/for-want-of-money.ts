import type { ConfigProblem } from '../../model/errors.ts'
import type { FeasibilityReport } from './check-feasibility.ts'

/** Factors by which an account would have to be richer: some problem of money ends with one of them. */
const RICHER = [10, 100, 1_000, 10_000, 100_000, 1_000_000]

/**
 * Divides the problems of a configuration: those that more money would end, and those that stay whatever there is. Sizers and rules decide on money in ways of their own, so
 * they are asked, and not judged by their names.
 *
 * @param check - looks at the configuration with so many times the money
 */
export function forWantOfMoney(
  problems: readonly ConfigProblem[],
  check: (times: number) => FeasibilityReport,
): { readonly ofMoney: readonly ConfigProblem[]; readonly others: readonly ConfigProblem[] } {
  const looks = problems.length === 0 ? [] : RICHER.map((times) => new Set(check(times).problems.map(({ path }) => path)))
  const ends = ({ path }: ConfigProblem): boolean => looks.some((paths) => !paths.has(path))
  return { ofMoney: problems.filter(ends), others: problems.filter((problem) => !ends(problem)) }
}
