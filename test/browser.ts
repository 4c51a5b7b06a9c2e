import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']

/**
 * Starts a browser without a window, with a fresh profile: the Chrome or Chromium of the machine, or the one of the npm package `@sparticuz/chromium`
 * (Linux x64). `MILLRACE_BROWSER` names another, and `package` that of the package.
 */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env.MILLRACE_BROWSER
  const installed = named === 'package' ? undefined : (named ?? installedBrowser())
  return chromium.launch({ executablePath: installed ?? (await packagedBrowser()), args: flags })
}

/** Returns the path of a Chrome or Chromium that is installed here. */
function installedBrowser(): string | undefined {
  const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome']
  const fixed = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`]
  const inPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  return [...inPath, ...fixed].find((path) => existsSync(path))
}

async function packagedBrowser(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('no Chrome or Chromium is installed, and npm has one for Linux x64 only: install Chrome')
  const { default: packaged } = await import('@sparticuz/chromium')
  return packaged.executablePath()
}
