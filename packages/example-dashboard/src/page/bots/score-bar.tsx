import { missing, score as scoreText } from '../format.ts'

export interface ScoreBarProps {
  readonly name: string
  readonly score: number | undefined
  readonly explanation: string
  /** Where the number comes from. */
  readonly of: string
}

/** A bar from -1 (left, sell) to +1 (right, buy) around its middle, with the number beside it. */
export function ScoreBar({ name, score, explanation, of }: ScoreBarProps) {
  const shown = score ?? 0
  return (
    <div class="score-bar" title={score === undefined ? '' : explanation}>
      <span class="label">{name}</span>
      <span
        class="score-track"
        role="meter"
        aria-label={name}
        aria-valuemin={-1}
        aria-valuemax={1}
        aria-valuenow={shown}
        aria-valuetext={score === undefined ? 'none yet' : explanation}
      >
        <span
          class={`score-fill ${shown < 0 ? 'sell' : 'buy'}`}
          style={{ '--from': `${50 + Math.min(shown, 0) * 50}%`, '--length': `${Math.abs(shown) * 50}%` }}
        />
      </span>
      <span class="score-value live" data-source={of} data-as="score">
        {score === undefined ? missing : scoreText(score)}
      </span>
    </div>
  )
}
