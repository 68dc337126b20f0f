/** `ferry report --html`: the page as Chromium shows it. Needs dist/. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Opened, openPage } from './browser.ts'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
mkdirSync(join(root, 'test/work'), { recursive: true })
const work = mkdtempSync(join(root, 'test/work/page-'))
const page = join(work, 'report.html')
afterAll(() => rmSync(work, { recursive: true }))

function ferry(...args: string[]): void {
  const { status, stderr } = spawnSync(join(root, 'bin/ferry'), args, { cwd: work, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
}

const CHARTS = ['chart-programs', 'chart-times', 'chart-speedups', 'chart-graph']

interface Shown {
  readonly title: string
  readonly sections: string[]
  readonly charts: Record<string, number>
  readonly texts: string[]
  readonly verdicts: Record<string, string>
  readonly tokens: number
  readonly loads: number
  readonly rows: Record<string, number>
}

/** Evaluated in the page: plain data about what is there. */
const LOOK = `({
  title: document.title,
  sections: [...document.querySelectorAll('section')].map(e => e.id),
  charts: Object.fromEntries([...document.querySelectorAll('.chart')].map(e => [e.id, e.querySelectorAll('svg path').length])),
  texts: [...document.querySelectorAll('#chart-graph text')].map(e => e.textContent),
  verdicts: Object.fromEntries([...document.querySelectorAll('tr[id^=fn-]')].map(e => [e.id.slice(3), e.querySelector('.verdict').textContent])),
  tokens: document.querySelectorAll('.t-keyword').length,
  loads: document.querySelectorAll('link, img, iframe, [src]').length,
  rows: Object.fromEntries(['runs', 'environment', 'crossings', 'verdicts'].map(id => [id, document.querySelectorAll('#' + id + ' tbody tr').length])),
})`

describe('the page of a report', () => {
  let opened: Opened
  let shown: Shown
  beforeAll(async () => {
    ferry('build', '-O2', join(here, 'report/work.c'), '-o', 'work')
    ferry('report', '--runs=2', '--warmup=0', '--native', '--qemu', '--html', page, './work')
    const ready = `document.documentElement.dataset.charts === '${CHARTS.length}'`
    opened = await openPage(page, ready, LOOK)
    shown = opened.value as Shown
  }, 120_000)

  test('loads nothing and has no problems', () => {
    expect(opened.problems).toEqual([])
    expect(opened.requests).toEqual([pathToFileURL(page).href])
    expect(shown.loads).toBe(0)
  })

  test('has all sections, and charts that are drawn', () => {
    expect(shown.title).toBe('./work: ferry report')
    expect(shown.sections).toEqual([
      ...['program', 'functions', 'graph', 'crossings', 'source', 'verdicts', 'environment', 'runs'],
    ])
    expect(Object.keys(shown.charts)).toEqual(CHARTS)
    for (const paths of Object.values(shown.charts)) expect(paths).toBeGreaterThan(4)
    expect(shown.rows).toMatchObject({ runs: 8, verdicts: 6 })
    expect(shown.rows.environment).toBeGreaterThan(8)
  })

  test('draws the cut with what crosses it', () => {
    expect(shown.texts).toEqual(expect.arrayContaining(['guest', 'native', 'main', 'kernel', 'tree', '20']))
    expect(shown.rows.crossings).toBeGreaterThan(2)
  })

  test('shows the source with the verdict beside each function', () => {
    expect(shown.verdicts).toMatchObject({ mix: 'native', main: 'annotated-guest' })
    expect(shown.verdicts.kernel).toMatch(/^native [\d.]+x of [\d.]+ [mµn]s$/)
    expect(shown.tokens).toBeGreaterThan(10)
  })
})
