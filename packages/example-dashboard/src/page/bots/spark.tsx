const [width, height] = [120, 28]

/** A line of real prices, one a candle: nothing is drawn while there are fewer than two. */
export function Spark({ points }: { points: readonly { readonly atMs: number; readonly price: number }[] | undefined }) {
  if (points === undefined || points.length < 2) return null
  const prices = points.map(({ price }) => price)
  const [low, high, from] = [Math.min(...prices), Math.max(...prices), points[0]!.atMs]
  const [span, range] = [points.at(-1)!.atMs - from || 1, high - low || 1]
  const path = points.map(
    ({ atMs, price }) => `${(((atMs - from) / span) * width).toFixed(1)},${(height - 2 - ((price - low) / range) * (height - 4)).toFixed(1)}`,
  )
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true" data-points={points.length}>
      <polyline points={path.join(' ')} />
    </svg>
  )
}

const radius = 7
const round = 2 * Math.PI * radius

/** How much of the confirmation time has passed, as a ring; the words stand beside it. */
export function Ring({ share }: { share: number }) {
  return (
    <svg class="ring" viewBox="0 0 18 18" aria-hidden="true">
      <circle cx="9" cy="9" r={radius} class="ring-track" />
      <circle cx="9" cy="9" r={radius} class="ring-fill" stroke-dasharray={`${(share * round).toFixed(2)} ${round.toFixed(2)}`} transform="rotate(-90 9 9)" />
    </svg>
  )
}
