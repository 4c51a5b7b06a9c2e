import type { BotView } from '../../contracts/bot-view.ts'
import type { SafetyRule } from '../../contracts/safety-rule.ts'
import type { Intent } from '../../model/intent.ts'
import { copyOfView } from './views.ts'

/** What a rule said of one intent, word by word; the engine keeps the strictest. */
export interface Words {
  readonly allow: number[]
  readonly deny: (readonly [margin: number, untilMs: number | undefined])[]
  readonly reduce: (readonly [maxQuoteAmount: number, margin: number])[]
}

/** An entry of a quote amount, fee included. */
export const entry = (quoteAmount: number): Intent => ({
  kind: 'open',
  origin: 'strategy',
  side: 'buy',
  quoteAmount,
  baseFraction: 0,
  source: 'contract',
})

const exit: Intent = { kind: 'close', origin: 'exit', side: 'sell', quoteAmount: 0, baseFraction: 1, source: 'contract' }

const entries: readonly Intent[] = [entry(3), entry(10), entry(200), { ...entry(12), kind: 'add' }]
const everything: readonly Intent[] = [...entries, exit, { ...exit, kind: 'reduce', baseFraction: 0.5 }]

/** The intents that a rule is asked about. */
export const intentsOf = (rule: SafetyRule): readonly Intent[] => (rule.appliesTo === 'all' ? everything : entries)

/** Writes down every word of a rule, about copies: what it does to them is another question. */
export const wordOf = (rule: SafetyRule, intent: Intent, view: BotView): Words => wordAbout(rule, { ...intent }, copyOfView(view))

/** Writes down every word of a rule about these very objects. */
export function wordAbout(rule: SafetyRule, intent: Intent, view: BotView): Words {
  const words: Words = { allow: [], deny: [], reduce: [] }
  let open = true
  const word =
    <A extends readonly unknown[]>(write: (...args: A) => void) =>
    (...args: A): void => {
      if (!open) throw new Error('it kept the verdict and wrote into it after check() had returned')
      if (args.some((arg) => arg !== undefined && typeof arg !== 'number')) throw new Error(`expected numbers for a verdict, received ${String(args)}`)
      write(...args)
    }
  const deny = word((margin: number, untilMs?: number) => void words.deny.push([margin, untilMs]))
  const allow = word((margin: number) => void words.allow.push(margin))
  rule.check(intent, view, {
    allow,
    deny,
    reduce: word((maxQuoteAmount: number, margin: number) => void words.reduce.push([maxQuoteAmount, margin])),
    require: (margin, untilMs) => (margin >= 0 ? allow(margin) : deny(margin, untilMs)),
  })
  open = false
  return words
}

/** True when nothing of an entry would be left. */
export const isDenied = ({ deny, reduce }: Words): boolean => deny.length > 0 || reduce.some(([max]) => !(max > 0))
