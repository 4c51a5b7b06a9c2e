/** An amount, rate or count for a person, in at most four significant places behind the point. */
export const numberText = (value: number): string => (Number.isFinite(value) ? String(Number(value.toFixed(Math.abs(value) >= 1 ? 2 : 4))) : 'none')

/** A fraction as percent, to a hundredth. */
export const percent = (fraction: number): string => `${Number((fraction * 100).toFixed(2))} %`
