import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { collectExamples } from '../../scripts/docs/collect.ts'
import { runCommand } from '../../scripts/lib/command.ts'
import { cacheDirectory, root } from '../../scripts/lib/repo.ts'

test('the examples of documents and comments are correct TypeScript', async () => {
  const folder = join(cacheDirectory, 'examples')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const { fence, module } of collectExamples())
    if (module !== '') writeFileSync(join(folder, `${fence.file.replaceAll(/[^\w.-]/g, '_')}-${fence.line}.ts`), module)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { types: [join(root, 'node_modules', '@types', 'node')], verbatimModuleSyntax: false },
      include: ['*.ts'],
      exclude: [],
    }),
  )
  const { output, timedOut } = await runCommand(process.execPath, [join(root, 'node_modules', 'typescript-7', 'bin', 'tsc'), '-p', folder], {
    limitSeconds: 85,
  })
  expect(timedOut, 'the compiler was stopped, so its silence says nothing').toBe(false)
  expect(output.split('\n').filter((line) => line.includes('examples'))).toEqual([])
})
