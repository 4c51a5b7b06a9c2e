import type { Campaign } from '../lib/campaign.ts'
import { runProjects } from '../gate/run-part.ts'

/** `npm test` asks the properties with one fixed seed; this asks them with many. */
export const campaign: Campaign = {
  title: 'every property holds for every seed',
  async run(seed) {
    const { tests, errors, output } = await runProjects(['property'], {
      reportName: 'campaign-properties',
      limitSeconds: 900,
      workers: undefined,
      env: { MILLRACE_SEED: String(seed) },
    })
    const failed = [...errors, ...tests.filter((test) => test.state === 'failed').map((test) => test.name)]
    // The line that is kept names the property and its counterexample; the whole report is for the terminal.
    if (failed.length > 0) {
      console.error(output)
      throw new Error([failed.join('; '), ...(output.match(/^.*(?:\{ seed: |Counterexample: ).*$/gm) ?? [])].join('\n'))
    }
    return { properties: tests.filter((test) => test.state === 'passed').length }
  },
}
