import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readScenario } from './control/scenario.ts'
import type { KeyAlgorithm } from './http/keys.ts'
import type { VenueOptions } from './options.ts'
import { startVenueSimulator } from './start-venue-simulator.ts'
import type { VenueSimulator } from './start-venue-simulator.ts'

/** A venue for somebody at a terminal. */
export interface RunVenueOptions extends VenueOptions {
  /** Folder that the key is written to. */
  readonly directory: string
  readonly algorithm?: KeyAlgorithm
  /** A scenario file that is played from the start. */
  readonly scenario?: string
  /** Takes the lines that say where everything is. */
  readonly print: (line: string) => void
}

/** A venue that runs, and its key. */
export interface RunningVenue {
  readonly venue: VenueSimulator
  /** In the form of the CDP portal, mode 0600. */
  readonly keyFile: string
}

/**
 * Starts a venue, writes a key for it, and says where both are.
 *
 * @throws Error on a scenario file that is none, or a folder that cannot be written
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs'
 * const lines: string[] = []
 * const { venue, keyFile } = await runVenueSimulator({ seed: 7, directory: mkdtempSync('venue-'), print: (line) => lines.push(line) })
 * keyFile.endsWith('venue-simulator-key.json') // => true
 * lines.length // => 5
 * await venue.close()
 * ```
 */
export async function runVenueSimulator({ directory, algorithm = 'ES256', scenario, print, ...options }: RunVenueOptions): Promise<RunningVenue> {
  const played = scenario === undefined ? undefined : readScenario(scenario)
  const venue = await startVenueSimulator(options)
  const { keyName, secret } = venue.generateKey(algorithm)
  const keyFile = join(directory, 'venue-simulator-key.json')
  // Anew, so that it never keeps the mode of a file that was there.
  rmSync(keyFile, { force: true })
  writeFileSync(keyFile, `${JSON.stringify({ name: keyName, privateKey: secret })}\n`, { mode: 0o600, flag: 'wx' })
  if (played !== undefined) venue.play(played)
  print(`REST          ${venue.restUrl}`)
  print(`market socket ${venue.socketUrl}`)
  print(`user socket   ${venue.userSocketUrl}`)
  print(`control       ${venue.controlUrl}/__control/report`)
  print(`key           ${keyFile}`)
  return { venue, keyFile }
}
