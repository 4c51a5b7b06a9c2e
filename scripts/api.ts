import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiReports } from './docs/api-report.ts'
import { root } from './lib/repo.ts'

// `npm run api` writes what each package exports to its api-report.txt: the change of it is reviewed with the change of the sources.
for (const { file, text } of apiReports()) {
  writeFileSync(join(root, file), text)
  console.log(`wrote ${file}`)
}
