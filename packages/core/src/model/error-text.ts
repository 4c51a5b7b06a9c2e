/** What a thrown value says, whatever was thrown. */
export function errorText(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error)
  } catch {
    return 'something that cannot be shown was thrown'
  }
}
