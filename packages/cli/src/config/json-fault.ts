/**
 * Says where a text stops being JSON and why; V8 tells the place of some mistakes only.
 *
 * @param error - what JSON.parse threw of the text
 */
export function jsonFault(text: string, error: unknown): string {
  // The longest beginning that could still become JSON, by halving: what follows it is the mistake.
  let [good, bad] = [0, text.length + 1]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (canGoOn(text.slice(0, middle))) good = middle
    else bad = middle
  }
  const lines = text.slice(0, good).split('\n')
  const place = `in line ${lines.length}, column ${lines.at(-1)!.length + 1}`
  if (bad > text.length) return text.trim() === '' ? 'an empty file' : `a file that ends too early, ${place}`
  const why = (error instanceof Error ? error.message : String(error)).replace(/( in JSON)?( at position|, (\.\.\.)?").*$/s, '')
  return `${why.charAt(0).toLowerCase()}${why.slice(1)} ${place}`
}

function canGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning)
    return true
  } catch (error) {
    const { message } = error as SyntaxError
    return message.includes('end of JSON input') || /at position (\d+)/.exec(message)?.[1] === String(beginning.length)
  }
}
