import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { utcTime } from '../parse-values.ts'
import { paperStoreFile } from '../run/settings.ts'
import { timeText, waitText } from '../text/format.ts'
import { pairs, table } from '../text/table.ts'
import { explainStored } from './explain-stored.ts'
import type { StoredExplanation } from './explain-stored.ts'

/** Makes `millrace explain`. */
export function explainCommand(context: CommandContext): Command {
  return new Command('explain')
    .summary('why a bot trades or does not, from its journal')
    .description(
      'Reads the journal of a run, also while its engine runs, and says what a bot was at: its outcome, the primary blocker and since when, and the record of its last order. ' +
        'It changes nothing. The numbers between orders are not stored: the running engine has them (the page, or GET /api/v1/bots/<bot>/explain?at=<ms>).',
    )
    .argument('<bot>', 'id of the bot')
    .addOption(new Option('--db <file>', 'database of the run').default(paperStoreFile))
    .addOption(new Option('--at <time>', 'moment in UTC; the last one of the journal if left out').argParser(utcTime))
    .addOption(new Option('--json', 'the result as one JSON object on stdout'))
    .action((bot: string, options: { readonly db: string; readonly at?: number; readonly json?: true }) => {
      const explanation = explainStored(options.db, bot, options.at)
      context.terminal.out.write(`${options.json ? JSON.stringify(explanation) : explanationText(explanation)}\n`)
    })
}

/** The explanation for people. */
function explanationText({ bot, atMs, level, lastOrder }: StoredExplanation): string {
  const { blocker, confirmingSinceMs } = level
  const lines: (readonly [string, string])[] = [
    ['bot', bot],
    ['at', timeText(atMs)],
    ['outcome', level.side === null ? level.outcome : `${level.outcome}, ${level.side}`],
    ['since', `${timeText(level.sinceMs)}, for ${waitText(atMs - level.sinceMs)}`],
    ...(blocker === null ? [] : ([['blocker', `${blocker.code}: ${blocker.text}`]] as const)),
    ...(blocker === null || blocker.needs === '' ? [] : ([['needs', blocker.needs]] as const)),
    ...(blocker === null ? [] : ([['how much', 'not stored between orders: the page of the running engine has the numbers']] as const)),
    ...(confirmingSinceMs === null ? [] : ([['confirming since', timeText(confirmingSinceMs)]] as const)),
  ]
  return lastOrder === null ? `${pairs(lines)}\n\nno order up to then` : `${pairs(lines)}\n\n${orderText(lastOrder)}`
}

interface KeptDecision {
  readonly outcome: string
  readonly side: string | null
  readonly score: number
  readonly temperature: string
  readonly signal: {
    readonly components: readonly { readonly name: string; readonly score: number; readonly weight: number; readonly reason: string }[]
  } | null
  readonly verdicts: readonly { readonly ruleId: string; readonly kind: string; readonly margin: number | string; readonly detail?: string }[]
}

function orderText({ atMs, decision }: NonNullable<StoredExplanation['lastOrder']>): string {
  const { side, outcome, score, temperature, signal, verdicts } = decision as unknown as KeptDecision
  const head = `last order: ${side ?? ''} (${outcome}) at ${timeText(atMs)}, score ${score.toFixed(3)}, ${temperature}`
  const components = (signal?.components ?? []).map((part) => `  ${part.name} ${part.score.toFixed(3)} x ${part.weight}: ${part.reason}`)
  if (verdicts.length === 0) return [head, ...components].join('\n')
  const rules = table(
    ['rule', 'verdict', 'margin', ''],
    verdicts.map(({ ruleId, kind, margin, detail }) => [
      ruleId,
      kind,
      typeof margin === 'number' ? String(Number(margin.toFixed(4))) : 'no limit met',
      detail ?? '',
    ]),
    [2],
  )
  return [head, ...components, '', rules].join('\n')
}
