/**
 * Runs one command to its end and measures it. Wall-clock time is from before the process is made until its end is known. CPU
 * time is that of the whole tree: getrusage(RUSAGE_CHILDREN) of this process before and after. The kernel adds to it what a
 * child and all descendants that were waited for have used (getrusage(2)), so nothing else may be started meanwhile,
 * and a descendant that outlives its parent is not counted.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { FerryError } from '../../base/diagnostics.ts'
import { describeSystemError } from '../../base/system-error.ts'
import { type CpuTime, cpuTime, cpuTimeSince } from '../cpu-time.ts'

/** How a process ended: exactly one of the two is not null. */
export interface Ending {
  readonly status: number | null
  readonly signal: string | null
}

/** CPU time is that of the process and its descendants. */
export interface Timing extends CpuTime {
  /** Seconds on the clock. */
  readonly wall: number
}

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  /** argv[0], when it is not `file`. */
  readonly argv0?: string
}

/** Files of the standard streams: the first is read from its start, the others are written anew. */
export interface Streams {
  readonly stdin: string
  readonly stdout: string
  readonly stderr: string
}

/** @throws FerryError `report-failed` when it can not be started, `output-unwritable`, `input-unreadable`. */
export async function runProcess(
  { file, args, argv0 }: Command,
  streams: Streams,
  onStart: (child: ChildProcess) => void = () => {},
): Promise<Ending & Timing> {
  const stdio = openStreams(streams)
  try {
    const before = cpuTime('children')
    const start = process.hrtime.bigint()
    const child = spawn(file, args, { stdio, ...(argv0 === undefined ? {} : { argv0 }) })
    onStart(child)
    const ending = await ended(child, file)
    const wall = Number(process.hrtime.bigint() - start) / 1e9
    return { ...ending, wall, ...cpuTimeSince('children', before) }
  } finally {
    for (const fd of stdio) closeSync(fd)
  }
}

function openStreams({ stdin, stdout, stderr }: Streams): number[] {
  const opened: number[] = []
  try {
    opened.push(openSync(stdin, 'r'))
    for (const path of [stdout, stderr]) opened.push(openSync(path, 'w'))
    return opened
  } catch (error) {
    for (const fd of opened) closeSync(fd)
    const reason = describeSystemError(error)
    if (opened.length === 0) throw new FerryError('input-unreadable', { path: stdin, reason })
    throw new FerryError('output-unwritable', { path: opened.length === 1 ? stdout : stderr, reason })
  }
}

function ended(child: ChildProcess, file: string): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', error => reject(new FerryError('report-failed', { run: file, reason: error.message })))
    child.once('exit', (status, signal) => resolve({ status, signal }))
  })
}
