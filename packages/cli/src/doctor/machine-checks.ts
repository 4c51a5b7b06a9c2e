import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { lockHolder } from '@millrace/sqlite-store'
import { bad, ok, reasonOf, skipped, warning } from './check.ts'
import type { Check } from './check.ts'

const MIB = 1024 * 1024
const folderOf = (db: string): string => dirname(resolve(db))

const node: Check = {
  id: 'node',
  async look({ parts, config }) {
    const [major = 0, minor = 0] = parts.nodeVersion.split('.').map(Number)
    if (major < 22 || (major === 22 && minor < 18)) return bad(`Node ${parts.nodeVersion}: expected 22.18 or newer`)
    const typescript = (await config())?.modules.find(({ file }) => /\.[cm]?ts$/.test(file))
    return parts.stripsTypes || typescript === undefined
      ? ok(`Node ${parts.nodeVersion}`)
      : bad(`${typescript.specifier} is TypeScript, and this Node does not take types away: start it without --no-strip-types`)
  },
}

const folder: Check = {
  id: 'folder',
  look({ ask }) {
    const path = folderOf(ask.db)
    if (!existsSync(path)) return bad(`${path} does not exist: make it, or say --db`)
    try {
      accessSync(path, constants.W_OK)
      if (existsSync(ask.db)) accessSync(ask.db, constants.W_OK)
      return ok(`${path} can be written to`)
    } catch (error) {
      return bad(`the journal cannot be written: ${reasonOf(error)}`)
    }
  },
}

const disk: Check = {
  id: 'disk',
  look({ ask, parts }) {
    const path = folderOf(ask.db)
    if (!existsSync(path)) return skipped(`${path} does not exist`)
    const free = Math.floor(parts.freeBytes(path) / MIB)
    if (free < 100) return bad(`${free} MiB free where the journal lies: an engine that cannot write halts`)
    return free < 1_024 ? warning(`${free} MiB free where the journal lies: less than 1 GiB`) : ok(`${free} MiB free`)
  },
}

const token: Check = {
  id: 'token',
  look({ ask }) {
    const path = `${ask.db}.token`
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return skipped('the page has not run on this database yet')
    const mode = found.mode & 0o777
    return (mode & 0o077) === 0 ? ok(`${path} is for its owner only`) : bad(`${path} has mode ${mode.toString(8)}: others can steer the engine; chmod 600 it`)
  },
}

const port: Check = {
  id: 'port',
  async look({ ask, parts }) {
    if (!(await parts.answers('127.0.0.1', ask.port))) return ok(`port ${ask.port} is free`)
    return running(ask.db) ? ok(`an engine runs on ${ask.db}`) : bad(`something else listens on port ${ask.port}: choose another with --port`)
  },
}

const exposure: Check = {
  id: 'bind address',
  async look({ ask, parts }) {
    for (const host of parts.outsideAddresses())
      if (await parts.answers(host, ask.port))
        return bad(`port ${ask.port} answers on ${host} too: a proxy or a container shows the page to others, and there is no TLS`)
    return ok('nothing answers on an address that others can reach')
  },
}

function running(db: string): boolean {
  try {
    return existsSync(folderOf(db)) && lockHolder(db) !== undefined
  } catch {
    // Held by somebody who left no name: held all the same.
    return true
  }
}

/** What the machine must be. */
export const machineChecks: readonly Check[] = [node, folder, disk, token, port, exposure]
