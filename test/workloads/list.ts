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

const TEXT: Workload[] = [
  workload('gawk/report', 'gawk -f report.awk people.csv', { inputs: ['people.csv'], status: 3, quick: true }),
  workload('gawk/processes', 'gawk -f processes.awk argument', { status: 1, quick: true }),
  workload('gawk/bignum', 'gawk -M -f bignum.awk prose.txt', { inputs: ['prose.txt'] }),
  workload('sed/scripts', 'bash scripts.sh', { inputs: ['words.txt', 'people.csv', 'prose.txt'] }),
  workload('sed/program', 'sed -E -f program.sed prose.txt', { inputs: ['prose.txt'], quick: true }),
  workload('jq/query', 'jq -S -f query.jq records.json', { inputs: ['records.json'], quick: true }),
  workload('jq/options', 'bash options.sh', { inputs: ['records.json'], status: 9 }),
  workload('bc/numbers', 'bc -l numbers.bc', { quick: true }),
  workload('bc/standard-input', 'bc -lq', { stdin: 'numbers.bc' }),
]

const MAKE: Workload[] = [
  workload('make/build', 'dash build.sh', { inputs: ['words.txt'], status: 2, quick: true }),
  workload('make/functions', 'make -j4 functions parallel'),
]

const FILES: Workload[] = [
  workload('coreutils/text', 'bash text.sh', {
    inputs: ['words.txt', 'numbers.txt', 'people.csv', 'prose.txt', 'access.log', 'noise.bin'],
  }),
  workload('coreutils/files', 'bash files.sh', { inputs: ['words.txt', 'noise.bin'], status: 17 }),
  workload('coreutils/system', 'bash system.sh', { inputs: ['words.txt'], quick: true }),
  workload('coreutils/sort', 'sort --parallel=4 -S 300K -T tmp prose.txt', { inputs: ['prose.txt'], quick: true }),
  workload('findutils/search', 'bash search.sh', { inputs: ['prose.txt', 'words.txt'], quick: true }),
  workload('grep/search', 'bash search.sh', { inputs: ['words.txt', 'people.csv', 'access.log', 'noise.bin'] }),
  workload('grep/perl', 'grep -nP (?<=zu)f\\w+(?=dor)|^(\\w\\w)\\1 words.txt', { inputs: ['words.txt'], quick: true }),
  workload('busybox/applets', 'busybox sh applets.sh', {
    inputs: ['words.txt', 'people.csv', 'prose.txt', 'noise.bin'],
    status: 8,
  }),
  workload('busybox/network', 'busybox sh network.sh', { inputs: ['prose.txt', 'noise.bin'] }),
  workload(
    'busybox/awk',
    'busybox awk -F, {n[$3]+=$4;c[$6]++}END{for(d=0;d<12;d++)printf"%s\\t%.2f\\n",d,n["d"d]} people.csv',
    {
      inputs: ['people.csv'],
      quick: true,
    },
  ),
  workload('libc/tools', 'bash tools.sh', { inputs: ['noise.bin'] }),
  workload('libc/iconv', 'iconv -f ISO-8859-1 -t UTF-16BE noise.bin', { inputs: ['noise.bin'], quick: true }),
]

const INTERPRETERS: Workload[] = [
  workload('quickjs/language', 'qjs language.js', { quick: true }),
  workload('quickjs/system', 'qjs system.js argument', { inputs: ['people.csv', 'words.txt'], status: 4, quick: true }),
  workload('lua/language', 'lua5.4 language.lua', { inputs: ['words.txt'], quick: true }),
  workload('lua/system', 'lua5.4 system.lua', { inputs: ['numbers.txt', 'people.csv'], status: 6, quick: true }),
]

export const WORKLOADS: readonly Workload[] = [
  ...[...PERL, ...PYTHON, ...SHELLS, ...DATABASE, ...COMPRESSION, ...TEXT, ...MAKE, ...FILES, ...INTERPRETERS],
]
