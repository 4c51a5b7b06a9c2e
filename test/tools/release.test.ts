import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { publishedPackages } from '../../scripts/lib/packages.ts'
import { inOrder, releaseProblems } from '../../scripts/lib/release.ts'
import { root } from '../../scripts/lib/repo.ts'

const packageOf = (name: string, version: string, ...needs: readonly string[]) => ({
  name,
  version,
  repository: { type: 'git', url: 'git+https://example.org/a.git' },
  dependencies: Object.fromEntries(needs.map((each) => [each, '^1'])),
})

test('a release has one version, which its tag names', () => {
  const [a, b] = [packageOf('a', '1.2.3'), packageOf('b', '1.2.3', 'a')]
  expect(releaseProblems([a, b], 'v1.2.3')).toEqual([])
  expect(releaseProblems([a, b], 'v1.2.4')).toEqual(['the tag v1.2.4 names another version than 1.2.3'])
  expect(releaseProblems([a, packageOf('b', '1.2.4')], 'v1.2.3')[0]).toMatch(/there are 1\.2\.3, 1\.2\.4/)
  expect(releaseProblems([{ name: 'a', version: '1.0.0' }], 'v1.0.0')[0]).toMatch(/provenance, and a has none/)
  expect(releaseProblems([packageOf('a', '0.0.0')], 'v0.0.0')[0]).toMatch(/before its first release/)
})

test('what others need is published first', () => {
  const order = inOrder(publishedPackages().map(({ json }) => json)).map(({ name }) => name)
  expect(order[0]).toBe('@millrace/indicators')
  expect(order.indexOf('@millrace/core')).toBeLessThan(order.indexOf('@millrace/sqlite-store'))
  expect(order.at(-1)).toBe('millrace')
  expect(inOrder([packageOf('c', '1', 'b'), packageOf('b', '1', 'a'), packageOf('a', '1', 'elsewhere')]).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
})

const workflow = (name: string): string => readFileSync(join(root, '.github', 'workflows', `${name}.yml`), 'utf8')

test('continuous integration runs what a person runs, on every supported Node', () => {
  const steps = [...workflow('ci').matchAll(/^ +- run: (.*)$/gm)].map(([, command]) => command)
  expect(steps).toEqual(['bash .ci/run'])
  expect(
    readFileSync(join(root, '.ci', 'run'), 'utf8')
      .trim()
      .split('\n')
      .at(-1),
  ).toBe('npm test')
  for (const version of ['20', '22', '24', '26']) expect(workflow('ci')).toMatch(new RegExp(`'${version}[.']`))
})

test('a release is tested before it is published, with provenance and without a stored token', () => {
  const text = workflow('release')
  expect(text.indexOf('bash .ci/run')).toBeGreaterThan(0)
  expect(text.indexOf('npm run release')).toBeGreaterThan(text.indexOf('bash .ci/run'))
  expect(text).toContain('id-token: write')
  expect(text).not.toMatch(/secrets\./)
})

test('actions are pinned by their commit and keep no credentials', () => {
  for (const text of [workflow('ci'), workflow('release')]) {
    const uses = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action)
    expect(uses.length).toBeGreaterThan(0)
    for (const action of uses) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40}$/)
    expect(text.match(/actions\/checkout/g)).toHaveLength(text.match(/persist-credentials: false/g)!.length)
  }
})
