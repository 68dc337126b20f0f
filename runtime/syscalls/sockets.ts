/** Socket addresses, options and messages, as strace shows them. */
import { FLAGS, type FlagTableName, printFlags } from './flags.ts'
import { type ReadMemory, view } from './memory.ts'
import { part, STRUCTS, text } from './structs.ts'
import { hex, pointer, quote, quoteView } from './text.ts'

const AF = { UNIX: 1, INET: 2, INET6: 10, NETLINK: 16, PACKET: 17 } as const
const SOL_SOCKET = 1
const SCM = { RIGHTS: 1, CREDENTIALS: 2 } as const

const slice = (bytes: DataView, from: number, to = bytes.byteLength) =>
  new Uint8Array(bytes.buffer, bytes.byteOffset + from, Math.max(to - from, 0))

/** A path, or with `@` a name in the abstract name space. */
function unixPath(bytes: DataView): string {
  const path = slice(bytes, 2)
  if (path.length > 0 && path[0] === 0) return `@${quote(path.subarray(1))}`
  const end = path.indexOf(0)
  return quote(path.subarray(0, end < 0 ? path.length : end))
}

/** The canonical text of an IPv6 address (RFC 5952). */
export function ipv6Text(bytes: DataView, at: number): string {
  const words = Array.from({ length: 8 }, (_, i) => bytes.getUint16(at + i * 2))
  const byte = (i: number) => bytes.getUint8(at + i)
  const mapped = words.slice(0, 5).every(word => word === 0) && words[5] === 0xffff
  const dotted = [12, 13, 14, 15].map(byte).join('.')
  if (mapped) return `::ffff:${dotted}`
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && words[start + length] === 0) length++
    if (length > best.length) best = { start, length }
  }
  const digits = (list: number[]) => list.map(word => word.toString(16)).join(':')
  if (best.start < 0) return digits(words)
  return `${digits(words.slice(0, best.start))}::${digits(words.slice(best.start + best.length))}`
}

/** struct sockaddr by family; the family alone when it is another one or too short. */
export function printSocketAddress(bytes: DataView): string {
  const family = bytes.getUint16(0, true)
  const size = bytes.byteLength
  const fields = [`sa_family=${printFlags('addressFamily', family)}`]
  const word = (at: number) => bytes.getUint32(at, true)
  if (family === AF.UNIX) {
    if (size > 2) fields.push(`sun_path=${unixPath(bytes)}`)
  } else if (family === AF.INET && size >= 8) {
    const address = [4, 5, 6, 7].map(i => bytes.getUint8(i)).join('.')
    fields.push(`sin_port=htons(${bytes.getUint16(2)})`, `sin_addr=inet_addr("${address}")`)
  } else if (family === AF.INET6 && size >= 24) {
    fields.push(`sin6_port=htons(${bytes.getUint16(2)})`, `sin6_flowinfo=htonl(${bytes.getUint32(4)})`)
    fields.push(`inet_pton(AF_INET6, "${ipv6Text(bytes, 8)}", &sin6_addr)`)
    if (size >= 28) fields.push(`sin6_scope_id=${word(24)}`)
  } else if (family === AF.NETLINK && size >= 12) {
    fields.push(`nl_pid=${bytes.getInt32(4, true)}`, `nl_groups=0x${word(8).toString(16).padStart(6, '0')}`)
  } else if (family === AF.PACKET && size >= 12) {
    fields.push(`sll_protocol=htons(${hex(bytes.getUint16(2))})`, `sll_ifindex=${bytes.getInt32(4, true)}`)
  } else if (size > 2) {
    fields.push(`sa_data=${quote(slice(bytes, 2, Math.min(size, 16)))}`)
  }
  return `{${fields.join(', ')}}`
}

const OPTION_TABLES: Readonly<Record<number, FlagTableName>> = {
  0: 'ipOption',
  1: 'socketOption',
  6: 'tcpOption',
  17: 'udpOption',
  41: 'ipv6Option',
  263: 'packetOption',
  270: 'netlinkOption',
}

export function printSocketOption(level: number, option: number): string {
  const table = OPTION_TABLES[level]
  return table === undefined ? String(option) : printFlags(table, option)
}

/** Bytes of a value that are shown. */
const LONGEST_VALUE = 32
const SO = { LINGER: FLAGS.socketOption.values.SO_LINGER, PEERCRED: FLAGS.socketOption.values.SO_PEERCRED } as const

/** The value of an option; `length` bytes of it. */
export function printOptionValue(
  read: ReadMemory,
  level: number,
  option: number,
  address: bigint,
  length: number,
): string {
  const bytes = length > 0 && length <= 4096 ? view(read, address, length) : undefined
  if (!bytes) return length === 0 && address !== 0n ? '""' : pointer(address)
  if (level === SOL_SOCKET && option === SO.LINGER && length === 8) return STRUCTS.linger!.print(bytes)
  if (level === SOL_SOCKET && option === SO.PEERCRED && length === 12) return STRUCTS.credentials!.print(bytes)
  if (length < 4) return pointer(address)
  if (length === 4) return `[${bytes.getInt32(0, true)}]`
  return length > LONGEST_VALUE ? `${quoteView(part(bytes, 0, { size: LONGEST_VALUE }))}...` : quoteView(bytes)
}

const CMSG_HEADER = 16
const align = (size: number) => (size + 7) & ~7

function controlData(level: number, type: number, data: DataView): string {
  if (level === SOL_SOCKET && type === SCM.RIGHTS) {
    const count = data.byteLength >> 2
    return `[${Array.from({ length: count }, (_, i) => data.getInt32(i * 4, true)).join(', ')}]`
  }
  if (level === SOL_SOCKET && type === SCM.CREDENTIALS && data.byteLength >= 12) return STRUCTS.credentials!.print(data)
  return quoteView(data)
}

function controlMessages(bytes: DataView): string {
  const messages: string[] = []
  for (let at = 0; at + CMSG_HEADER <= bytes.byteLength; ) {
    const length = Number(bytes.getBigUint64(at, true))
    const level = bytes.getInt32(at + 8, true)
    const type = bytes.getInt32(at + 12, true)
    if (length < CMSG_HEADER || length > bytes.byteLength - at) break
    const data = new DataView(bytes.buffer, bytes.byteOffset + at + CMSG_HEADER, length - CMSG_HEADER)
    const name = level === SOL_SOCKET ? printFlags('controlMessage', type) : hex(type)
    const shown = data.byteLength > 0 ? `, cmsg_data=${controlData(level, type, data)}` : ''
    messages.push(`{cmsg_len=${length}, cmsg_level=${printFlags('socketLevel', level)}, cmsg_type=${name}${shown}}`)
    at += align(length)
  }
  return `[${messages.join(', ')}]`
}

export const MSGHDR_SIZE = 56

/**
 * struct msghdr. `vectors` prints its array of struct iovec.
 */
export function printMessage(
  read: ReadMemory,
  bytes: DataView,
  vectors: (address: bigint, count: bigint) => string,
): string {
  const at = (offset: number) => bytes.getBigUint64(offset, true)
  const nameLength = bytes.getUint32(8, true)
  const name = at(0) !== 0n && nameLength >= 2 ? view(read, at(0), Math.min(nameLength, 128)) : undefined
  const controlLength = Number(at(40))
  const fields = [
    `msg_name=${name ? printSocketAddress(name) : pointer(at(0))}`,
    `msg_namelen=${nameLength}`,
    `msg_iov=${vectors(at(16), at(24))}`,
    `msg_iovlen=${at(24)}`,
  ]
  const control = controlLength <= 65_536 ? view(read, at(32), controlLength) : undefined
  if (controlLength > 0) fields.push(`msg_control=${control ? controlMessages(control) : pointer(at(32))}`)
  fields.push(`msg_controllen=${controlLength}`, `msg_flags=${printFlags('message', bytes.getUint32(48, true))}`)
  return `{${fields.join(', ')}}`
}

/** struct ifreq of a SIOCGIF or SIOCSIF request. */
export function printInterface(request: string, bytes: DataView): string {
  const name = `ifr_name=${text(16).print(part(bytes, 0, text(16)))}`
  const value = (): string | undefined => {
    if (/FLAGS$/.test(request)) return `ifr_flags=${printFlags('interface', bytes.getUint16(16, true))}`
    if (/INDEX$/.test(request)) return `ifr_ifindex=${bytes.getInt32(16, true)}`
    if (/MTU$/.test(request)) return `ifr_mtu=${bytes.getInt32(16, true)}`
    if (/METRIC$/.test(request)) return `ifr_metric=${bytes.getInt32(16, true)}`
    const address = /(ADDR|NETMASK)$/.test(request) && !/HWADDR$/.test(request)
    if (!address) return undefined
    const field = /DSTADDR$/.test(request)
      ? 'ifr_dstaddr'
      : /BRDADDR$/.test(request)
        ? 'ifr_broadaddr'
        : /NETMASK$/.test(request)
          ? 'ifr_netmask'
          : 'ifr_addr'
    return `${field}=${printSocketAddress(new DataView(bytes.buffer, bytes.byteOffset + 16, 16))}`
  }
  const shown = value()
  return shown === undefined ? `{${name}, ...}` : `{${name}, ${shown}}`
}
