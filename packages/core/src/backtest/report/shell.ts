import { escaped } from './markup.ts'
import { reportStyle } from './style.ts'

/** A page of a report: everything between its head and its scripts. */
export interface ReportShell {
  readonly title: string
  /** What stands beside the title. */
  readonly subtitle: string
  /** Markup of the sections. */
  readonly body: string
  /** Markup of data that the script reads; none when left out. */
  readonly data?: string
  /** What the page does beside turning its theme. */
  readonly script?: string
}

const themeScript = `
const root = document.documentElement
document.getElementById('theme').addEventListener('click', () => {
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  root.dataset.theme = dark ? 'light' : 'dark'
})
`

/** One file with everything in it: nothing is loaded, and its own policy forbids it. */
export const reportShell = ({ title, subtitle, body, data = '', script = '' }: ReportShell): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>${escaped(title)}</title><style>${reportStyle}</style></head>
<body><header><h1>${escaped(title)}</h1><p>${escaped(subtitle)}</p><button id="theme" type="button">Light / dark</button></header><main>
${body}
</main>${data}<script>${themeScript}${script}</script></body></html>
`
