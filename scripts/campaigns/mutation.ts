import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Campaign } from '../lib/campaign.ts'
import { commit } from '../lib/machine.ts'
import { root } from '../lib/repo.ts'
import { mutantsOf, mutationMarkdown, scoreOf } from '../mutation/result.ts'
import { sampleOf, unitsOf } from '../mutation/sample.ts'
import { runStryker } from '../mutation/stryker.ts'

/** What decides about money: every rule, the books, and the stages. */
const FOLDERS = ['packages/core/src/safety', 'packages/core/src/ledger', 'packages/core/src/pipeline']
/** Percent of the mutants that the tests must notice. */
const WANTED = 85
/** Share of the lines that thirty minutes on two processors are enough for. */
const SHARE = '0.6'

/** Are the tests any good? Each mutant is a mistake made on purpose. The seed is that of the sample. */
export const campaign: Campaign = {
  title: `the tests notice at least ${WANTED} % of the changes made to safety, ledger and pipeline`,
  defaults: { seeds: 1, minutes: 30 },
  options: { share: SHARE, workers: '2', only: '' },
  async run(seed, { secondsLeft, options }) {
    const { share: shareText, workers, only = '' } = options
    const share = Number(shareText)
    if (!(share > 0 && share <= 1)) throw new RangeError(`share: expected a number above 0, at most 1, received ${shareText}`)
    const all = unitsOf(FOLDERS).filter(({ file }) => file.includes(only))
    const sample = sampleOf(all, seed, share)
    const { tested, left } = await runStryker(sample, { workers: Number(workers), limitSeconds: secondsLeft })
    const mutants = mutantsOf(tested, (file) => readFileSync(join(root, file), 'utf8'))
    const { killed, timeout, survived, noCoverage, score } = scoreOf(mutants)
    const text = mutationMarkdown(mutants, { commit: commit(), seed, share, left })
    // A part looked at while writing tests is no result.
    if (only === '') writeFileSync(join(root, 'docs', 'mutation.md'), text)
    else console.error(text)
    const figures = { units: sample.length, unitsOfAll: all.length, mutants: mutants.length, left, killed, timeout, survived, noCoverage }
    if (score < WANTED) throw new Error(`${score.toFixed(1)} % noticed, ${WANTED} % are needed: ${JSON.stringify(figures)}`)
    return figures
  },
}
