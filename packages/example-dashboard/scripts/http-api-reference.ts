import { writeFileSync } from 'node:fs'
import { reference } from '../src/server/api/reference.ts'

// Writes docs/reference/http-api.md.
// From the root: node --conditions=@millrace/source packages/example-dashboard/scripts/http-api-reference.ts

writeFileSync(new URL('../../../docs/reference/http-api.md', import.meta.url), reference())
