/** Text as HTML shows it: nothing in it is ever markup. */
export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Plain data for a script element: no text in it can end that element. */
export const embedded = (data: unknown): string =>
  JSON.stringify(data)
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`)

/** A coordinate: a tenth of a pixel is enough. */
export const at = (value: number): string => String(Math.round(value * 10) / 10)

/** A number for people in about six digits, without an exponent where that can be helped. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size >= 1000) return grouped(value.toFixed(size >= 100_000 ? 0 : 2))
  if (size >= 1) return value.toFixed(size >= 100 ? 2 : 3)
  return size === 0 ? '0' : String(Number(value.toPrecision(4)))
}

/** A value of an axis: as short as it is. */
export const tickText = (value: number): string => grouped(String(Number(value.toPrecision(8))))

/** Thousands set apart. */
export const grouped = (text: string): string => text.replace(/^(-?\d+)/, (whole) => whole.replaceAll(/(\d)(?=(\d{3})+$)/g, '$1,'))

/** A share or a percentage, or a dash where there is none. */
export const percentText = (percent: number | undefined, digits = 2): string => (percent === undefined ? '–' : `${percent.toFixed(digits)} %`)

/** Round values that cover a range, about as many as asked for. */
export function ticks(low: number, high: number, about: number): readonly number[] {
  const span = high - low
  if (!(span > 0)) return [low]
  const step = niceStep(span / about)
  const values: number[] = []
  for (let i = Math.ceil(low / step); i * step <= high; i++) values.push(i * step)
  return values
}

function niceStep(raw: number): number {
  let power = 1
  while (power * 10 <= raw) power *= 10
  while (power > raw) power /= 10
  return power * (raw / power >= 5 ? 5 : raw / power >= 2 ? 2 : 1)
}

/** Maps a range of values onto a range of coordinates; a range of nothing lies in the middle. */
export function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = to - from
  return (value) => (span === 0 ? (start + end) / 2 : start + ((value - from) / span) * (end - start))
}
