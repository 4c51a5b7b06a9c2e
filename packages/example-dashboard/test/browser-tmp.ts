import { chromium } from 'playwright-core'
import sparticuz from '@sparticuz/chromium'
import type { Browser } from 'playwright-core'

export async function launchBrowser(): Promise<Browser> {
  const installed = process.env.INSTALLED === '1'
  return chromium.launch({ executablePath: installed ? '/usr/bin/chromium' : await sparticuz.executablePath(), args: ['--no-sandbox', '--disable-gpu', '--no-first-run'], headless: true })
}
