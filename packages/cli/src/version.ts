import { readFileSync } from 'node:fs'

/** The version of the package, from its manifest: the same path leads there from the source and from the build. */
export const version: string = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version
