/**
 * Returns the smallest number of steps >= 1 that is found to pass; undefined when none up to `most` does. Looks at 1, 2, 4, … and then halves the way
 * back, so the answer passes, and one step less does not.
 */
export function smallestStep(passes: (steps: number) => boolean, most: number): number | undefined {
  let refused = 0
  let steps = 1
  while (!passes(steps)) {
    if (steps >= most) return undefined
    refused = steps
    steps = Math.min(most, steps * 2)
  }
  return boundary(passes, refused, steps)
}

/** Between a number of steps that is refused and a larger one that passes: the smallest that passes by halving. */
export function boundary(passes: (steps: number) => boolean, refused: number, passing: number): number {
  let low = refused
  let high = passing
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2)
    if (passes(middle)) high = middle
    else low = middle
  }
  return high
}
