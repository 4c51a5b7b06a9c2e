import type { BotState, Decision, ReadinessBlocker } from '@millrace/core'
import { useContext, useState } from 'preact/hooks'
import { useResource } from '../use-resource.ts'
import { changeText, duration, measure, shortTime } from '../format.ts'
import { Icon } from '../icon.tsx'
import { SourcesContext } from '../number.tsx'
import { readyText } from './bot-words.ts'
import { Why } from './why.tsx'

/** What a card says when the engine names no blocker: its outcome in words. */
const outcomes: Readonly<Record<BotState['outcome'], readonly [text: string, icon: string, kind: string]>> = {
  warmingUp: ['Warming up', 'wait', 'wait'],
  noData: ['No evaluation yet', 'wait', 'calm'],
  hold: ['Holding: no signal', 'wait', 'calm'],
  confirming: ['Confirming a signal', 'wait', 'wait'],
  denied: ['Blocked', 'block', 'blocked'],
  orderOpen: ['An order is at work', 'order', 'wait'],
  ordered: ['Order sent', 'order', 'wait'],
  exit: ['An exit is under way', 'order', 'wait'],
}

/** How long the engine says it takes, in the engine's own time. */
const untilText = (blocker: ReadinessBlocker | undefined, nowMs: number): string =>
  blocker?.untilMs === undefined ? '' : ` · ${untilWords(blocker.untilMs, nowMs)}`

const untilWords = (untilMs: number, nowMs: number): string => `until ${shortTime(untilMs, nowMs)}${untilMs > nowMs ? `, in ${duration(untilMs - nowMs)}` : ''}`

/** Time stands beside it already. */
const needsText = ({ needs, needed }: ReadinessBlocker, currency: string): string =>
  needed === undefined || needed.what === 'time' ? needs : changeText(needed, currency)

/** The one reason that stands first, or what the bot does when the engine names none. */
export function primaryOf(
  { outcome, readiness }: BotState,
  nowMs: number,
  currency: string,
): { readonly name: string; readonly text: string; readonly kind: string } {
  const [text, , kind] = outcomes[outcome]
  const [primary] = readiness.blockers
  if (primary === undefined) return { name: text, text: '', kind }
  // Until when, or how much of what is needed, comes first: where there is little room, that is what is wanted.
  return { name: primary.code, text: [firstOf(primary, nowMs, currency), primary.detail].filter(Boolean).join(' · '), kind }
}

function firstOf({ untilMs, needed }: ReadinessBlocker, nowMs: number, currency: string): string {
  if (untilMs !== undefined) return untilWords(untilMs, nowMs)
  return needed === undefined || needed.what === 'time' ? '' : `${measure(needed.from, needed.unit, currency)} of ${measure(needed.to, needed.unit, currency)}`
}

interface ReasonsProps {
  readonly bot: BotState
  readonly nowMs: number
  readonly currency: string
}

/** The foot of a card: the primary reason with its number, what it needs and until when; the other reasons; and the question why not. */
export function Reasons({ bot, nowMs, currency }: ReasonsProps) {
  const [text, icon, kind] = outcomes[bot.outcome]
  const [primary, ...more] = bot.readiness.blockers
  const [asked, setAsked] = useState(false)
  const ready = readyText(bot, useContext(SourcesContext)?.state?.tradingState === 'halted')
  return (
    <div class="reasons">
      <p class={`reason reason-${kind}`} title={text} data-words="engine">
        <Icon name={icon} />
        <span>
          <strong>{primary === undefined ? text : primary.code}</strong> <span>{primary?.detail ?? ''}</span>
          <span class="until">{untilText(primary, nowMs)}</span>
          <span class="needs">{primary === undefined ? '' : needsText(primary, currency)}</span>
        </span>
      </p>
      <p class="reason-foot">
        <span class={`ready ready-${ready === 'no entry now' ? 'no' : 'yes'}`}>{ready}</span>
        <button type="button" class="why-button" aria-expanded={asked} aria-controls={`why-${bot.id}`} onClick={() => setAsked(!asked)}>
          Why not?
        </button>
      </p>
      {more.length > 0 && <OtherReasons blockers={more} nowMs={nowMs} currency={currency} />}
      {asked && <WhyPanel bot={bot} nowMs={nowMs} currency={currency} />}
    </div>
  )
}

function OtherReasons({ blockers, nowMs, currency }: { blockers: readonly ReadinessBlocker[]; nowMs: number; currency: string }) {
  return (
    <details class="others" data-words="engine">
      <summary>
        {blockers.length} more {blockers.length === 1 ? 'reason' : 'reasons'}
      </summary>
      <ul>
        {blockers.map((blocker) => (
          <li key={`${blocker.gate} ${blocker.code}`}>
            <strong>{blocker.code}</strong> {`${blocker.detail}${untilText(blocker, nowMs)}`}
            <span class="needs">{needsText(blocker, currency)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** Asked of the engine when it is opened, and again when somebody wants to know again. */
const never = 2 ** 30

function WhyPanel({ bot, nowMs, currency }: ReasonsProps) {
  const { value, failure, again } = useResource<Decision>(`/bots/${encodeURIComponent(bot.id)}/explain`, never)
  return (
    <section class="why" data-words="engine" id={`why-${bot.id}`} aria-label={`Why ${bot.id} does not trade`} aria-live="polite">
      <div class="why-body">
        {failure !== undefined ? (
          `No answer: ${failure}`
        ) : value === undefined ? (
          'Asking the engine …'
        ) : (
          <Why decision={value} nowMs={nowMs} currency={currency} />
        )}
      </div>
      <button type="button" class="why-again" onClick={again}>
        Ask again
      </button>
    </section>
  )
}
