import { sha256Hex } from '../../engine/hashing.ts'
import { GENESIS } from '../../engine/journal/chain.ts'

/** Digits of a line's hash: enough to name the line in which a byte was changed. The last line has all 64. */
const SHORT = 16

/** Writes and reads the lines of a recording: each begins with a hash over itself and all lines before it. */
export class LineChain {
  private head: string = GENESIS

  /** The line for a text without line ends. */
  line(text: string): string {
    this.head = sha256Hex(this.head + text)
    return `${this.head.slice(0, SHORT)} ${text}`
  }

  lastLine(text: string): string {
    this.head = sha256Hex(this.head + text)
    return `${this.head} ${text}`
  }

  /** The text of the next line; undefined when it is not the line that was written there. */
  read(line: string): string | undefined {
    const space = line.indexOf(' ')
    const text = line.slice(space + 1)
    const head = sha256Hex(this.head + text)
    if (space < SHORT || head.slice(0, space) !== line.slice(0, space)) return undefined
    this.head = head
    return text
  }
}
