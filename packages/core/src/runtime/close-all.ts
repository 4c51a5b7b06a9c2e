import { errorText } from '../model/error-text.ts'

/** Closes one thing after the other, whatever the ones before it throw; what was thrown is thrown afterwards. */
export function closeAll(closers: readonly (() => void)[]): void {
  const errors: unknown[] = []
  for (const close of closers) {
    try {
      close()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new AggregateError(errors, errors.map(errorText).join('; '))
}
