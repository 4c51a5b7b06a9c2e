import type { PackageJson } from './packages.ts'

/** Returns what speaks against publishing these packages under a tag; nothing when all is well. */
export function releaseProblems(packages: readonly PackageJson[], tag: string): string[] {
  const versions = [...new Set(packages.map(({ version }) => version))]
  if (versions.length !== 1) return [`all packages share one version, but there are ${versions.join(', ')}: run \`npx changeset version\``]
  const [version] = versions as [string]
  if (version === '0.0.0') return ['0.0.0 is the version of the workspace before its first release: run `npx changeset version`']
  const homeless = packages.filter(({ repository }) => repository === undefined).map(({ name }) => name)
  return [
    ...(tag === `v${version}` ? [] : [`the tag ${tag} names another version than ${version}`]),
    ...(homeless.length === 0 ? [] : [`npm compares \`repository\` with the place of the build for provenance, and ${homeless.join(', ')} has none`]),
  ]
}

/** Returns packages with those first that others need: a release that breaks off leaves nothing behind that cannot be installed. */
export function inOrder<T extends Pick<PackageJson, 'name' | 'dependencies'>>(packages: readonly T[]): T[] {
  const ordered: T[] = []
  const add = (each: T): void => {
    if (ordered.includes(each)) return
    for (const name of Object.keys(each.dependencies ?? {})) {
      const needed = packages.find((other) => other.name === name)
      if (needed !== undefined) add(needed)
    }
    ordered.push(each)
  }
  for (const each of packages) add(each)
  return ordered
}
