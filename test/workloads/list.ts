/** All workloads. */
import { type Workload, workload } from './workload.ts'

const PERL: Workload[] = [
  workload('perl/regexps', 'perl regexps.pl', { inputs: ['access.log', 'words.txt'], quick: true }),
  workload('perl/bignum', 'perl bignum.pl', { inputs: ['noise.bin'] }),
  workload('perl/data', 'perl data.pl', { inputs: ['people.csv', 'words.txt'] }),
  workload('perl/processes', 'perl processes.pl', { quick: true }),
  workload('perl/threads', 'perl threads.pl'),
  workload('perl/files', 'perl files.pl', { inputs: ['prose.txt'], status: 5 }),
]

const PYTHON: Workload[] = [
  workload('python/text', 'python3.13 text.py', {
    inputs: ['access.log', 'people.csv', 'prose.txt', 'records.json'],
    status: 3,
    quick: true,
  }),
  workload('python/numbers', 'python3.13 numbers.py', { inputs: ['numbers.txt'] }),
  workload('python/processes', 'python3.13 processes.py', { quick: true }),
  workload('python/files', 'python3.13 files.py', { inputs: ['people.csv', 'prose.txt', 'noise.bin'] }),
]

const SHELLS: Workload[] = [
  workload('dash/pipelines', 'dash pipelines.sh', { inputs: ['words.txt', 'people.csv'], status: 129, quick: true }),
  workload('dash/signals', 'dash signals.sh', { status: 6, quick: true }),
  workload('bash/language', 'bash language.sh', {
    inputs: ['words.txt', 'people.csv', 'numbers.txt'],
    status: 77,
    quick: true,
  }),
  workload('bash/jobs', 'bash jobs.sh', { status: 3, quick: true, ignoreErrors: true }),
  workload('terminal/bash', 'python3.13 session.py bash --norc --noprofile -i'),
  workload('terminal/dash', 'python3.13 session.py dash -i'),
]

const DATABASE: Workload[] = [
  workload('sqlite3/shop', 'sqlite3 shop.db', { inputs: ['people.csv'], stdin: 'shop.sql', status: 1, quick: true }),
  workload('sqlite3/concurrent', 'dash concurrent.sh'),
]

const COMPRESSION: Workload[] = [
  workload('compress/round-trips', 'dash round-trips.sh', { inputs: ['prose.txt', 'noise.bin', 'repeats.bin'] }),
  workload('compress/files', 'bash files.sh', { inputs: ['prose.txt', 'noise.bin'], status: 4 }),
  workload('compress/xz-threads', 'xz -T4 -1 --block-size=300KiB -kv prose.txt', {
    inputs: ['prose.txt'],
    ignoreErrors: true,
    quick: true,
  }),
  workload('compress/zstd-threads', 'zstd -T4 -5 -B256K -q prose.txt', { inputs: ['prose.txt'], quick: true }),
  workload('compress/pigz-threads', 'pigz -p4 -k -n noise.bin', { inputs: ['noise.bin'], quick: true }),
  workload('compress/bzip2-filter', 'bzip2 -c', { inputs: ['prose.txt'], stdin: 'prose.txt', quick: true }),
  workload('compress/gzip-filter', 'gzip -c', { inputs: ['repeats.bin'], stdin: 'repeats.bin', quick: true }),
]

export const WORKLOADS: readonly Workload[] = [...PERL, ...PYTHON, ...SHELLS, ...DATABASE, ...COMPRESSION]
