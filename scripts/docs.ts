import { spawnSync } from 'node:child_process'
import { publishedPackages } from './lib/packages.ts'
import { root, tool } from './lib/repo.ts'

// `npm run docs` writes the reference of every public export to docs/api, from the sources and without a build. A warning is a failure.
const entries = publishedPackages().flatMap(({ folder, json }) =>
  Object.values(json.exports ?? {}).flatMap((target) =>
    typeof target === 'object' && typeof target['@millrace/source'] === 'string' ? [`${folder}/${target['@millrace/source'].replace('./', '')}`] : [],
  ),
)
process.exitCode =
  spawnSync(
    tool('typedoc'),
    [
      '--tsconfig',
      'tsconfig.json',
      '--out',
      'docs/api',
      '--name',
      'Millrace',
      '--readme',
      'none',
      '--excludePrivate',
      '--gitRevision',
      'main',
      '--treatWarningsAsErrors',
      ...entries,
    ],
    { cwd: root, stdio: 'inherit' },
  ).status ?? 1
