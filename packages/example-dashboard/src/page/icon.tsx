/** An icon of the sprite in index.html; words always stand beside it. */
export function Icon({ name }: { name: string }) {
  return (
    <svg class="icon" aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  )
}

/** A moment: short to look at, exact in UTC and local time in its tooltip. */
export function Moment({ ms, text }: { ms: number; text: string }) {
  const date = new Date(ms)
  return (
    <time dateTime={date.toISOString()} title={`${date.toISOString()} (UTC)\n${date.toLocaleString()} (local)`}>
      {text}
    </time>
  )
}
