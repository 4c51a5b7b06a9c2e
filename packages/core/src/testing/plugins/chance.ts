/** A small generator of numbers from 0 to 1 (Park and Miller): what is made up is made up the same everywhere. */
export function chanceOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
