import { dirname, posix } from 'node:path'
import type { Problem } from './source.ts'

/** A text file of any kind. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** Returns a problem for each row of each file that `find` has something to say about. */
function eachRow(files: readonly TextFile[], find: (row: string, path: string) => readonly string[]): Problem[] {
  return files.flatMap(({ path, text }) => text.split('\n').flatMap((row, index) => find(row, path).map((message) => ({ path, line: index + 1, message }))))
}

/** Marks of unfinished work; written so that this file does not hold them. */
const leftover = /\b(T[O]DO|FIX[M]E|X[X]X|HA[C]K|WI[P])\b|\b(?:test|it|describe)\.(only|todo)\b|@ts-(ignore|nocheck)|\bas[ ]any\b/

/** Returns marks of unfinished work, focused tests and switched-off type checks. */
export function leftoverMarkers(files: readonly TextFile[]): Problem[] {
  return eachRow(files, (row) => {
    const found = leftover.exec(row)
    return found ? [`leftover: ${found[0]}`] : []
  })
}

/** Returns absolute paths of the machine a file was written on: those of its maker's home, and of the folder that holds the workspace. */
export function privatePaths(files: readonly TextFile[], own: readonly string[]): Problem[] {
  const homes = /(?:^|[\s'"`(=:])((?:\/home|\/Users|[A-Z]:\\Users)[/\\][\w.-]+)/
  const prefixes = own.filter((path) => path.length > 1)
  return eachRow(files, (row) => {
    const home = homes.exec(row)?.[1]
    const prefix = prefixes.find((path) => new RegExp(`(?:^|[^\\w./-])${path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:[/\\\\]|$)`).test(row))
    return [home, prefix].filter((found) => found !== undefined).map((found) => `names a path of somebody's machine: ${found}`)
  })
}

/** Returns relative links of Markdown that lead to no file, or to no heading of it. */
export function deadLinks(documents: readonly TextFile[], exists: (path: string) => boolean): Problem[] {
  const byPath = new Map(documents.map((document) => [document.path, document]))
  return documents.flatMap((document) =>
    linksOf(document.text).flatMap(({ target, line }): Problem[] => {
      if (/^[a-z]+:/i.test(target)) return []
      const [file, anchor] = target.split('#') as [string, string?]
      const path = file === '' ? document.path : posix.normalize(posix.join(dirname(document.path), decodeURIComponent(file)))
      if (!exists(path)) return [{ path: document.path, line, message: `the link leads to ${path}, which does not exist` }]
      const text = byPath.get(path)?.text
      if (anchor !== undefined && text !== undefined && !headingAnchors(text).has(anchor))
        return [{ path: document.path, line, message: `${path} has no heading for #${anchor}` }]
      return []
    }),
  )
}

function linksOf(text: string): { target: string; line: number }[] {
  let fenced = false
  return text.split('\n').flatMap((row, index) => {
    if (/^\s*```/.test(row)) fenced = !fenced
    if (fenced) return []
    return [...row.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map((match) => ({ target: match[1]!, line: index + 1 }))
  })
}

/** Anchors as GitHub makes them: lower case, punctuation dropped, spaces to hyphens, repeats numbered. */
function headingAnchors(text: string): Set<string> {
  const counts = new Map<string, number>()
  const anchors = new Set<string>()
  for (const [, heading] of text.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const anchor = heading!
      .replaceAll(/`|\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-')
    const count = counts.get(anchor) ?? 0
    counts.set(anchor, count + 1)
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`)
  }
  return anchors
}
