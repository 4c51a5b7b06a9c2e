import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { version } from '../version.ts'

/** What a trial's numbers come from. The command line itself only brings candles to them. */
const packages = ['@millrace/core', '@millrace/indicators'] as const

/**
 * Returns what tells this code from any other that might give other numbers: the version, and a hash over the files of core and indicators that are in use, sources in a
 * clone and the build elsewhere.
 */
export function codeVersion(): string {
  const fromSource = import.meta.url.endsWith('.ts')
  const hash = createHash('sha256')
  for (const name of packages) {
    const manifest = findPackageJSON(name, import.meta.url)
    if (manifest === undefined) throw new CliError(exitCodes.refused, `${name} is not installed beside millrace`)
    const folder = join(dirname(manifest), fromSource ? 'src' : 'dist')
    const wanted = fromSource ? /(?<!\.(test|prop|fixture))\.ts$/ : /(?<!\.d)\.js$/
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'))
    for (const file of files.filter((each) => wanted.test(each)).sort()) hash.update(`${name}/${file}\n`).update(readFileSync(join(folder, file)))
  }
  return `${version}+${hash.digest('hex').slice(0, 16)}`
}
