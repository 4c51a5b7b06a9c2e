/** A file to be written, its path as from the folder of the project. */
export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

/** One plugin by all the names it needs. */
export interface PluginName {
  /** `dip-buyer`: files and ids. */
  readonly id: string
  /** `dipBuyer`: exports. */
  readonly camel: string
}

/** What `millrace new` makes of one kind: the plugin, and a test with its conformance kit. */
export interface Template {
  readonly kind: string
  readonly summary: string
  /** How the plugin is put to use. */
  use(name: PluginName, file: string): string
  source(name: PluginName): string
  test(name: PluginName): string
}

/** A test file: the kit's promises, one test each. */
export const kitTest = (imports: readonly string[], cases: string, more = ''): string =>
  `import { test } from 'node:test'
${imports.join('\n')}

for (const { name, run } of ${cases})
  test(name, () => void run())
${more}`
