import { expect, test } from 'vitest'
import { undocumented } from '../../scripts/docs/documentation.ts'
import { documentationDebt } from '../../scripts/tidy/exceptions.ts'
import { problemText } from '../../scripts/tidy/source.ts'

test('[row 98] every public export says what it is, every public function shows how it is used; what is missing only gets less', () => {
  const missing = undocumented().map(problemText)
  expect(missing.length, missing.join('\n')).toBeLessThanOrEqual(documentationDebt)
})
