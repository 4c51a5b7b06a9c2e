import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import type { PluginName } from './template.ts'

/** Words that cannot be the name of an export. */
const reserved = new Set([
  ...['await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum', 'export', 'extends', 'false'],
  ...['finally', 'for', 'function', 'if', 'implements', 'import', 'in', 'instanceof', 'interface', 'let', 'new', 'null', 'package', 'private', 'protected'],
  ...['public', 'return', 'static', 'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield', 'eval', 'arguments'],
  // What the generated files import.
  ...['test', 'assert', 'ema', 'rsi', 'z', 'from', 'load'],
])

/**
 * Reads the name of a new plugin.
 *
 * @throws CliError exit code 2 when it cannot be a file and an export
 */
export function pluginName(id: string): PluginName {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id) || id.length > 40)
    throw new CliError(exitCodes.usage, `expected a name such as dip-buyer (a-z, 0-9 and single dashes, at most 40), received ${JSON.stringify(id)}`)
  if (reserved.has(id)) throw new CliError(exitCodes.usage, `${JSON.stringify(id)} cannot be the name of an export: expected another one, such as my-${id}`)
  return { id, camel: id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) }
}
