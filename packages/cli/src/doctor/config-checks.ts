import { dirname, resolve } from 'node:path'
import { ConfigError, checkFeasibility } from '@millrace/core'
import { loadPlugins } from '@millrace/core/node'
import { listedProducts } from '../config/possible.ts'
import { readConfig, readConfigData } from '../config/read-config.ts'
import { CliError } from '../failures.ts'
import { bad, ok, skipped, warning } from './check.ts'
import type { Check, Finding } from './check.ts'

/** What is wrong with the modules that a file names; undefined when the file itself cannot be read. */
async function moduleProblems(path: string): Promise<readonly string[] | undefined> {
  let data: unknown
  try {
    data = readConfigData(path)
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
  return loadPlugins(data, { folder: dirname(resolve(path)) }).then(() => [], problemsOf)
}

const config: Check = {
  id: 'config',
  async look({ ask }) {
    const modules = await moduleProblems(ask.config)
    if (modules !== undefined && modules.length > 0) return skipped('its modules come first')
    const problems = await readConfig(ask.config).then(() => [], problemsOf)
    return problems.length === 0 ? ok(`${ask.config} is right`) : listed(problems)
  },
}

const plugins: Check = {
  id: 'plugins',
  async look({ ask, ...subject }) {
    const problems = await moduleProblems(ask.config)
    if (problems === undefined) return skipped('there is no configuration to look at')
    if (problems.length > 0) return listed(problems)
    const { modules } = (await subject.config()) ?? { modules: [] }
    return modules.length === 0 ? ok('no modules are named') : ok(`loaded: ${modules.map(({ specifier }) => specifier).join(', ')}`)
  },
}

const feasible: Check = {
  id: 'limits',
  async look(subject) {
    const read = await subject.config()
    if (read === undefined) return skipped('there is no configuration to look at')
    const { problems, warnings } = checkFeasibility(read, listedProducts(read.bots), read.account.fees, { environment: read.environment })
    if (problems.length > 0) return listed(problems.map(problemText))
    return warnings.length > 0 ? warning(warnings.map(problemText).join('; ')) : ok('what the bots want can be')
  },
}

type Problem = ConfigError['problems'][number]
const problemText = ({ path, expected, received }: Problem): string => `${path}: expected ${expected}, received ${received}`

function problemsOf(error: unknown): readonly string[] {
  const cause = error instanceof CliError ? error.cause : error
  if (cause instanceof ConfigError) return cause.problems.map(problemText)
  throw error
}

const listed = (problems: readonly string[]): Finding =>
  bad(problems.length <= 3 ? problems.join('; ') : `${problems.slice(0, 3).join('; ')}; and ${problems.length - 3} more (millrace config check)`)

/** What the configuration must be. */
export const configChecks: readonly Check[] = [config, plugins, feasible]
