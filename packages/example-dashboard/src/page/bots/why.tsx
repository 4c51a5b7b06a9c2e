import type { Change, Decision, StuckGate, Verdict } from '@millrace/core'
import { changeText, measure, score, shortTime, words } from '../format.ts'
import { Moment } from '../icon.tsx'

/** A decision of the engine in full: why, why not, and what every rule said. Nothing of it is worked out here. */
export function Why({ decision, nowMs, currency }: { decision: Decision; nowMs: number; currency: string }) {
  const { signal } = decision
  return (
    <>
      <p>
        At <Moment ms={decision.timeMs} text={shortTime(decision.timeMs, nowMs)} />
        {`: ${words(decision.outcome)}, score ${score(decision.score)}. ${signal?.reason ?? ''}`}
      </p>
      {decision.sizing !== undefined && <p class="needs">{decision.sizing}</p>}
      <NearestChange decision={decision} currency={currency} />
      <h4>What each rule says of an entry with the signal as it was</h4>
      <table class="verdicts">
        <tbody>
          {blockedFirst(decision.verdicts).map((verdict) => (
            <VerdictRow key={verdict.ruleId} verdict={verdict} />
          ))}
        </tbody>
      </table>
    </>
  )
}

/** What stands in the way is read first; the rest keeps its order. */
const blockedFirst = (verdicts: readonly Verdict[]): readonly Verdict[] => [
  ...verdicts.filter(({ kind }) => kind !== 'allow'),
  ...verdicts.filter(({ kind }) => kind === 'allow'),
]

function NearestChange({ decision: { nearest }, currency }: { decision: Decision; currency: string }) {
  if (nearest === undefined) return <p>It traded: nothing stood in the way.</p>
  return (
    <>
      <h4>The smallest change that would have made it trade</h4>
      <ul class="changes">
        {nearest.changes.map((change: Change) => (
          <li key={`${change.gate} ${change.what}`}>
            <strong>{change.code}</strong> {changeText(change, currency)}
          </li>
        ))}
        {nearest.stuck.map(({ code, needs }: StuckGate) => (
          <li key={code}>
            <strong>{code}</strong> {needs}
          </li>
        ))}
      </ul>
      <p class="flips">{nearest.flips ? 'With all of this it would have traded.' : 'These numbers alone would not have made it trade.'}</p>
      {nearest.others.length > 0 && (
        <details class="others">
          <summary>Or instead of the first</summary>
          <ul>
            {nearest.others.map((change) => (
              <li key={change.what}>{changeText(change, currency)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function VerdictRow({ verdict }: { verdict: Verdict }) {
  const margin = verdict.margin === undefined ? '' : `margin ${measure(verdict.margin, '')}`
  return (
    <tr class={`verdict-${verdict.kind}`}>
      <th scope="row">{verdict.ruleId}</th>
      <td>{verdict.kind}</td>
      <td>{verdict.kind === 'allow' ? margin : verdict.detail}</td>
    </tr>
  )
}
