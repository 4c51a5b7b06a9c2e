import { readFileSync, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { buildScript, readPageFiles } from './page-files.ts'

it('the script of the page is at most 90 kB, zipped, and loads no other', async () => {
  const { body } = await buildScript()
  expect(gzipSync(body, { level: 9 }).length).toBeLessThan(90_000)
  expect(/\bimport\s*\(|\beval\(/.test(body)).toBe(false)
})

it('no source of the page reads text as HTML', () => {
  const folder = new URL('../page/', import.meta.url)
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
  expect(sources.length).toBeGreaterThan(30)
  for (const name of sources)
    expect([name, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|InnerHTML/.test(readFileSync(new URL(name, folder), 'utf8'))]).toEqual([name, false])
})

it('the script is made once, when it is first asked for; other names lead to files of the folder only', () => {
  let made = 0
  const files = readPageFiles(() => ({ body: String(++made), contentType: 'text/javascript' }))
  expect([files.get('index.html')?.contentType, files.get('main.tsx'), files.get('../package.json'), files.get('__proto__'), made]).toEqual([
    'text/html; charset=utf-8',
    undefined,
    undefined,
    undefined,
    0,
  ])
  expect([files.get('main.js')?.body, files.get('main.js')?.body]).toEqual(['1', '1'])
})
