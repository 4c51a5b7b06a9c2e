import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildPackages } from './lib/build.ts'
import { packAll } from './lib/tarballs.ts'

// `npm run build -- --pack ../tarballs` also writes what would be published, for a project on this machine to install.
const { values } = parseArgs({ options: { pack: { type: 'string' } } })
await buildPackages((line) => console.log(line))
if (values.pack !== undefined) {
  const folder = resolve(values.pack)
  mkdirSync(folder, { recursive: true })
  for (const { path } of await packAll()) copyFileSync(path, join(folder, basename(path)))
  console.log(`packed; in a project: npm install ${join(folder, '*.tgz')}`)
}
