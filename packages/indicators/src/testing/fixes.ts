/** What an author usually did who breaks a rule, and what to do instead; by the name of the check. */
export const fixes: Readonly<Record<string, string>> = {
  'warm-up: NaN before, numbers after':
    '`warmup` is the index of the first output: return NaN for exactly so many inputs, and a finite number ever after, also for flat prices (guard 0 / 0).',
  'describes its outputs and its range holds':
    "describe().outputs names the fields of the value in their order ('value' for one number); clamp rounding errors into describe().range.",
  'preview is the next value and changes nothing': 'compute a preview on a copy of the state, and leave `value` alone.',
  'continues from a snapshot taken at any point':
    'put every number that update() reads into snapshot(), during the warm-up as well, and read all of them back in restore(), `value` included.',
  'refuses a foreign snapshot and keeps its state': 'compare id and version first, check the form, and write into the state only when all of it is right.',
  'reset is as good as new': 'reset() sets everything that the constructor sets, `value` included.',
  'another start agrees after stableAfter': 'a recursion remembers its start: state how many inputs it takes to forget it, or Infinity when it never does.',
  'invalid input: throws, skips or propagates, and never enters the state':
    'look at every input before the state is written; throw a RangeError that names it, unless onInvalid says `skip` (return the last value) or `propagate` (return NaN).',
  'reuses its record, or copies it when asked':
    'update() returns the record `value`, preview() another one; with `copy: true` each update returns a fresh one.',
  'its state does not grow': 'keep a ring of fixed length in place of a list that every input is pushed to.',
  'batch equals streaming bit for bit': 'use the same operations in the same order in both forms: another order rounds otherwise.',
  'batch has the same policy for invalid input': 'check the columns before the first output is written; with `skip` and `propagate` go on as update() does.',
  'scales with the price as stated': 'there is an absolute constant in the formula (an epsilon, a minimum), or the law is another one.',
  'shifts with the price as stated': 'the law is another one, or large prices lose digits: subtract before squaring.',
  'flat prices give the documented value': 'guard the division that is 0 / 0 when nothing moves.',
  'rising prices give the documented value': 'guard the division by losses that are not there.',
  'memory does not grow over a million updates': 'something is kept a step: a closure, a list, an object per input.',
}

/** Runs a check; a failure says how it is put right. */
export function explained(name: string, run: () => void): void {
  try {
    run()
  } catch (cause) {
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : String(cause)}\n  To put it right: ${fixes[name]!}`, { cause })
  }
}
