/** Opens a file in headless Chromium and says what happened, through the DevTools protocol over a pipe. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

export interface Opened {
  /** What the expression gave. */
  readonly value: unknown
  /** Uncaught exceptions, and messages of the console and the browser that are errors or warnings. */
  readonly problems: readonly string[]
  /** URLs that were asked for, the page's own among them. */
  readonly requests: readonly string[]
}

/** What of the protocol's messages is looked at. */
interface Content {
  readonly type?: string
  readonly args?: unknown
  readonly entry?: unknown
  readonly exceptionDetails?: unknown
  readonly request?: { readonly url: string }
  readonly targetId?: string
  readonly sessionId?: string
  readonly result?: { readonly value?: unknown }
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Content
  readonly result?: Content
  readonly error?: unknown
}

/**
 * @param ready an expression that is true when the page is complete; it is asked until it is
 * @param expression what is then evaluated in the page
 */
export async function openPage(path: string, ready: string, expression: string): Promise<Opened> {
  const profile = mkdtempSync(join(tmpdir(), 'ferry-browser-'))
  const options = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', '--window-size=1200,2000']
  const child = spawn('chromium', [...options, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise(resolve => child.once('exit', resolve))
  try {
    return await inspect(child.stdio[3] as Writable, child.stdio[4] as Readable, path, ready, expression)
  } finally {
    child.kill('SIGKILL')
    await exited
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

async function inspect(to: Writable, from: Readable, path: string, ready: string, expression: string): Promise<Opened> {
  const problems: string[] = []
  const requests: string[] = []
  const waiting = new Map<number, (message: Message) => void>()
  let buffered = ''
  from.setEncoding('utf8').on('data', (text: string) => {
    const messages = (buffered + text).split('\0')
    buffered = messages.pop()!
    for (const message of messages) receive(JSON.parse(message) as Message)
  })
  const receive = ({ id, method, params = {}, ...rest }: Message): void => {
    if (id !== undefined) waiting.get(id)?.({ id, ...rest })
    if (method === 'Runtime.exceptionThrown') problems.push(JSON.stringify(params.exceptionDetails))
    if (method === 'Runtime.consoleAPICalled' && /error|warning|assert/.test(params.type!))
      problems.push(JSON.stringify(params.args))
    if (method === 'Log.entryAdded') problems.push(JSON.stringify(params.entry))
    if (method === 'Network.requestWillBeSent') requests.push(params.request!.url)
  }
  let last = 0
  const send = (method: string, params: object = {}, sessionId?: string): Promise<Content> => {
    const id = ++last
    to.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`)
    return new Promise((resolve, reject) =>
      waiting.set(id, ({ result, error }) =>
        result ? resolve(result) : reject(new Error(`${method}: ${JSON.stringify(error)}`)),
      ),
    )
  }
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
  for (const domain of ['Runtime', 'Log', 'Network', 'Page']) await send(`${domain}.enable`, {}, sessionId)
  await send('Page.navigate', { url: pathToFileURL(path).href }, sessionId)
  const evaluate = async (text: string): Promise<unknown> => {
    const { result } = await send('Runtime.evaluate', { expression: text, returnByValue: true }, sessionId)
    return result?.value
  }
  while ((await evaluate(ready)) !== true) await sleep(50)
  return { value: await evaluate(expression), problems, requests }
}
