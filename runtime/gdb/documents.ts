/** What gdb reads as documents, piece by piece (GDB manual, appendix E.4, `qXfer:object:read:annex:offset,length`). */
import { LARGEST_PACKET, toBytes } from './packet.ts'
import { targetDescription } from './registers.ts'
import type { Target } from './target.ts'

/** What `qSupported` says of them. */
export const DOCUMENT_FEATURES = ['features', 'auxv', 'exec-file', 'threads', 'siginfo'].map(
  name => `qXfer:${name}:read`,
)

const bytesOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

export class Documents {
  /** By object: the document, one character a byte; undefined when there is none of that annex. */
  readonly #makers: Readonly<Record<string, (annex: string) => string | undefined>>

  /**
   * @param current the thread that register packets are about
   * @param idOf how packets name a thread
   */
  constructor(target: Target, current: () => number, idOf: (thread: number) => string) {
    this.#makers = {
      features: annex => (annex === 'target.xml' ? targetDescription() : undefined),
      auxv: () => bytesOf(target.auxiliaryVector()),
      'exec-file': () => toBytes(target.path),
      threads: () => threadsDocument(target, idOf),
      siginfo: () => {
        const info = target.signalInfo(current())
        return info && bytesOf(info)
      },
    }
  }

  /** @param text of the packet behind `qXfer:` */
  answer(text: string): string {
    const [, object, annex, offset, length] = /^([^:]*):read:(.*):([0-9a-f]+),([0-9a-f]+)$/.exec(text) ?? []
    const make = this.#makers[object ?? '']
    if (make === undefined) return ''
    const document = make(annex!)
    if (document === undefined) return 'E00'
    const start = Number.parseInt(offset!, 16)
    const part = document.slice(start, start + Math.min(Number.parseInt(length!, 16), LARGEST_PACKET - 1))
    return `${start + part.length < document.length ? 'm' : 'l'}${part}`
  }
}

function threadsDocument(target: Target, idOf: (thread: number) => string): string {
  const rows = target.threads().map(({ id, name }) => `<thread id="${idOf(id)}" name="${escapeXml(name)}"/>`)
  return toBytes(`<?xml version="1.0"?>\n<threads>\n${rows.join('\n')}\n</threads>\n`)
}

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
