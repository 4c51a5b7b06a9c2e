import fc from 'fast-check'
import { modelCommand, readable } from '../../packages/core/test/bot-model/commands.ts'
import { runModel } from '../../packages/core/test/bot-model/run-model.ts'
import type { Campaign } from '../lib/campaign.ts'

const COMMANDS = 10_000
/** A fresh fold of a long journal takes a while. */
const FOLD_EVERY = 1_000

/** `npm test` runs fifty times two hundred commands; what needs weeks of trading to go wrong shows here. */
export const campaign: Campaign = {
  title: `after each of ${COMMANDS} random commands, four bots agree with a second set of books`,
  async run(seed) {
    const [commands = []] = fc.sample(fc.array(modelCommand, { minLength: COMMANDS, maxLength: COMMANDS }), { numRuns: 1, seed })
    let at = 0
    const figures = await runModel(commands, FOLD_EVERY, (i) => {
      at = i
    }).catch((error: unknown) => {
      const before = readable(commands.slice(Math.max(0, at - 12), at + 1))
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n\nThe commands before it:\n${before}`, { cause: error })
    })
    return figures
  },
}
