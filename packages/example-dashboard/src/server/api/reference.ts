import { guardHeader } from '../guards.ts'
import { problems } from '../problem.ts'
import { routes } from './all-routes.ts'
import { apiRoot } from './register.ts'
import { openApi } from './openapi.ts'
import type { Route } from './route.ts'

const tags: Readonly<Record<Route['tag'], string>> = {
  state: 'State and stream',
  bots: 'Bots',
  trades: 'Trades',
  history: 'History',
  control: 'Control',
  operation: 'Operation',
  session: 'Session',
}
const guards: Readonly<Record<Route['guard'], string>> = {
  open: 'anybody',
  read: 'either token',
  write: 'the full token',
  stop: 'the full token, outside of every limit',
}

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: { readonly description?: string } }[]
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}

/** The reference of all endpoints as Markdown, from the routes themselves. */
export function reference(): string {
  const document = openApi(routes, 3000) as { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }
  const sections = Object.entries(tags).map(([tag, title]) => {
    const own = routes.filter((route) => route.tag === tag)
    return `## ${title}\n\n${own.map((route) => entry(route, document.paths[`${apiRoot}${route.path}`]![route.method]!)).join('\n')}`
  })
  return [
    '# The HTTP interface of the dashboard',
    '',
    '<!-- Written by packages/example-dashboard/scripts/http-api-reference.ts from the routes; a test holds it against them. -->',
    '',
    'A running dashboard gives the same as an OpenAPI 3.1 document, with every schema, at `/api/v1/openapi.json`. How to sign in, and every refusal, is in [its README](../../packages/example-dashboard/README.md).',
    '',
    ...sections,
    '## Refusals',
    '',
    '| status | code | meaning |',
    '|---|---|---|',
    ...Object.entries(problems).map(([code, { status, title }]) => `| ${status} | \`${code}\` | ${title} |`),
    '',
  ].join('\n')
}

function entry(route: Route, { parameters, responses }: Operation): string {
  const shown = parameters.filter(({ name }) => name !== guardHeader)
  const lines = [
    `### \`${route.method.toUpperCase()} ${apiRoot}${route.path}\``,
    '',
    `${route.summary} For ${guards[route.guard]}.`,
    '',
    ...shown.map(
      ({ name, in: place, required, schema }) =>
        `- \`${name}\` (${place}${required ? '' : ', optional'})${schema.description === undefined ? '' : `: ${schema.description}`}`,
    ),
    ...(shown.length === 0 ? [] : ['']),
    ...(route.body === undefined ? [] : [`Body, for example: \`${JSON.stringify(route.example.body)}\``, '']),
    `Refuses with ${Object.keys(responses)
      .filter((status) => status !== '200')
      .join(', ')}.`,
    '',
  ]
  return lines.join('\n')
}
