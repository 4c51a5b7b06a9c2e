import { spawnSync } from 'node:child_process'

/** Installs the packages of a project; says what went wrong, or undefined. */
export type Install = (folder: string, manager: string) => string | undefined

/** Which package manager started this process; npm when none did. */
export const packageManager = (env: NodeJS.ProcessEnv): string => /^(npm|pnpm|yarn|bun)\//.exec(env['npm_config_user_agent'] ?? '')?.[1] ?? 'npm'

/** Runs the package manager; what it prints goes to stderr. */
export const install: Install = (folder, manager) => {
  const { status, error } = spawnSync(manager, ['install'], { cwd: folder, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  return status === 0 ? undefined : (error?.message ?? `exit code ${status}`)
}
