/** What stands in a field of the form that was sent; no file is ever asked for. */
export function fieldText(event: SubmitEvent, name: string): string {
  const value = new FormData(event.currentTarget as HTMLFormElement).get(name)
  return typeof value === 'string' ? value : ''
}
