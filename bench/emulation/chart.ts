/** Charts as files: SVG, or an HTML page that holds it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type EChartsOption, init } from 'echarts'

export interface Picture {
  readonly title: string
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly option: EChartsOption
}

/** @param path ends in .svg or .html */
export function writeChart(path: string, picture: Picture): void {
  const { title, width, height, option } = picture
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ backgroundColor: '#fff', animation: false, title: { text: title, left: 'center' }, ...option })
  const svg = chart.renderToSVGString()
  chart.dispose()
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, path.endsWith('.html') ? page(title, svg) : `${svg}\n`)
}

function page(title: string, svg: string): string {
  return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>${title}</title>\n<body>\n${svg}\n</body>\n</html>\n`
}
