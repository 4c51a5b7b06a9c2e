import { Command, Option } from 'commander'
import { z } from 'zod'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { wholeNumber } from '../parse-values.ts'
import { paperStoreFile, runDefaults } from '../run/settings.ts'
import { askEngine } from './ask-engine.ts'

interface PauseFlags {
  readonly db: string
  readonly port: number
  readonly json?: true
}

const ofBot = z.object({ bot_id: z.string(), status: z.enum(['paused', 'running']), changed: z.boolean() })
const ofAll = z.object({ trading_state: z.string(), trading_state_reason: z.string().nullable().optional() })

/** Where the two verbs lead, for one bot and for all. */
const verbs = {
  pause: { one: 'stop', all: '/pause' },
  resume: { one: 'start', all: '/resume' },
} as const

/** Makes `millrace pause` and `millrace resume`. */
export function pauseCommand(verb: keyof typeof verbs, { terminal }: CommandContext, request?: typeof fetch): Command {
  const pauses = verb === 'pause'
  return new Command(verb)
    .summary(pauses ? 'no more entries, exits stay on' : 'entries again, after a pause')
    .description(
      pauses
        ? 'Asks the page of a running engine to make no more entries, of one bot or of all. Exits stay on, and what works at the venue goes on working.'
        : 'Ends a pause, of one bot or of all. It does not end an emergency stop: that takes the page and the full token once more, or millrace run --rearm.',
    )
    .argument('[bot]', 'id of a bot; all when left out')
    .addOption(new Option('--db <file>', 'database of the run; the token stands beside it').default(paperStoreFile))
    .addOption(new Option('--port <number>', 'port of the page').argParser(wholeNumber(1, 65_535)).default(runDefaults.port))
    .addOption(new Option('--json', 'the answer as one JSON object on stdout'))
    .action(async (bot: string | undefined, { db, port, json }: PauseFlags) => {
      const path = bot === undefined ? verbs[verb].all : `/bots/${encodeURIComponent(bot)}/${verbs[verb].one}`
      const answer = await askEngine({ db, port, path, change: true }, request)
      const said = saidBy(bot, answer)
      if (said === undefined) throw new CliError(exitCodes.refused, `what answers on port ${port} is no dashboard of this version`)
      terminal.out.write(`${json ? JSON.stringify(answer) : said}\n`)
    })
}

function saidBy(bot: string | undefined, answer: unknown): string | undefined {
  if (bot === undefined) {
    const all = ofAll.safeParse(answer)
    if (!all.success) return undefined
    const { trading_state: state, trading_state_reason: reason } = all.data
    return `trading is ${state}${reason ? `: ${reason}` : ''}`
  }
  const one = ofBot.safeParse(answer)
  return one.success ? `${one.data.bot_id} is ${one.data.status}${one.data.changed ? '' : ', as before'}` : undefined
}
