/** Programs beyond the sysroot's usual packages, for which ferry was not tuned: run on request. */
import type { InputName } from './inputs.ts'
import { type Workload, workload } from './workload.ts'

export interface Other extends Workload {
  /** What has to be in the sysroots; the version of the first one is that of the program. */
  readonly packages: readonly string[]
  readonly title: string
  /** What it does, in a few words. */
  readonly does: string
}

/** Runs programs/others/`name`.sh. */
function other(name: string, packages: string, title: string, does: string, inputs: readonly InputName[] = []): Other {
  return { ...workload(`others/${name}`, `bash ${name}.sh`, { inputs }), packages: packages.split(' '), title, does }
}

const COMPILERS: Other[] = [
  other(
    'gcc',
    'gcc-14 gcc g++ libc6-dev',
    'GCC',
    'C and C++ at -O0 to -O3 -flto, shared libraries, errors; runs the results',
  ),
  other('go', 'golang-1.24-go golang-go', 'Go', 'build, vet and test of a module with goroutines; runs the result'),
  other(
    'rust',
    'rustc gcc libc6-dev',
    'rustc',
    'generics, threads, panics, debug and optimised, tests, errors; runs the results',
  ),
  other(
    'java',
    'openjdk-21-jdk-headless',
    'OpenJDK',
    'javac; java with its compilers, two collectors, threads, processes; jar, javap, jshell',
  ),
  other('ocaml', 'ocaml-nox', 'OCaml', 'top level and byte-code compiler, domains, stack overflow'),
  other(
    'cmake',
    'cmake ninja-build gcc g++ make',
    'CMake and Ninja',
    'configures, builds with two generators, tests, rebuilds',
  ),
]

const MORE_COMPILERS: Other[] = [
  other('haskell', 'ghc pandoc', 'GHC, Pandoc', 'compiles and runs, interactive; seven output formats'),
  other(
    'compilers',
    'clang gfortran ldc gnucobol4 swi-prolog-nox gcc libc6-dev',
    'Clang, GNU Fortran, LDC, GnuCOBOL, SWI-Prolog',
    'compile for several targets; run the results',
  ),
  other(
    'development',
    'bison flex m4 autoconf patch diffutils mercurial subversion xsltproc libxml2-utils gcc libc6-dev make',
    'Bison, Flex, Autoconf, Mercurial, Subversion, xsltproc',
    'generated parsers, configure, commits and merges, XML',
    ['words.txt'],
  ),
]

const RUNTIMES: Other[] = [
  other('node', 'nodejs', 'Node.js', 'JIT compilers, WebAssembly, workers, child processes, HTTP, crypto, zlib', [
    'noise.bin',
  ]),
  other('luajit', 'luajit', 'LuaJIT', 'traces, FFI with callbacks, side exits, byte code; also without its compiler'),
  other('ruby', 'ruby3.3 ruby', 'Ruby', 'threads, fibers, processes, signals, big numbers', ['words.txt']),
  other('php', 'php8.4-cli php-cli', 'PHP', 'generators, JSON, hashes, exceptions, shell commands', ['words.txt']),
  other('tcl', 'tcl8.6 tcl', 'Tcl', 'event loop, sockets, pipes, coroutines'),
  other('guile', 'guile-3.0', 'Guile', 'parallel maps, continuations, macros, big numbers'),
  other('sbcl', 'sbcl', 'SBCL', 'native compilation, threads, CLOS, conditions, garbage collection'),
  other('erlang', 'erlang-base', 'Erlang', 'thousands of processes, TCP, ports, ETS; JIT'),
  other('emacs', 'emacs-nox', 'Emacs', 'batch Lisp: Calc, byte compilation, processes, threads, Org export', [
    'words.txt',
  ]),
  other(
    'lisps',
    'clisp ecl racket elixir',
    'CLISP, ECL, Racket, Elixir',
    'compiled functions, conditions, threads, futures',
  ),
  other(
    'mathematics',
    'r-base-core octave pari-gp maxima z3 debianutils',
    'R, Octave, PARI/GP, Maxima, Z3',
    'exact and numerical computation',
  ),
  other(
    'pythontests',
    'python3.13 libpython3.13-testsuite',
    'CPython',
    '28 of its own test modules: threads, processes, signals, sockets',
  ),
]

const SERVERS: Other[] = [
  other(
    'redis',
    'redis-server redis-tools',
    'Redis',
    'data types, scripts, clients at once, redis-benchmark, kill -9 and recovery',
  ),
  other(
    'postgres',
    'postgresql-17 postgresql',
    'PostgreSQL',
    'initdb, queries, clients at once, dump, as another user',
  ),
  other(
    'mariadb',
    'mariadb-server mariadb-client',
    'MariaDB',
    'new database, joins, procedures, clients at once, dump',
  ),
  other(
    'servers',
    'apache2-bin memcached lighttpd haproxy sysbench iperf3 curl',
    'Apache, memcached, lighttpd, HAProxy',
    'requests at once, graceful restarts; sysbench, iperf3',
    ['noise.bin'],
  ),
  other('nginx', 'nginx-light', 'nginx', 'two workers, requests at once, reload, graceful end', ['noise.bin']),
  other(
    'transfer',
    'curl wget rsync python3.13',
    'curl, wget, rsync',
    'HTTP with ranges and errors, many at once, rsync daemon',
    ['noise.bin', 'words.txt'],
  ),
  other('openssl', 'openssl', 'OpenSSL', 'digests, ciphers, keys, certificates, TLS server and clients', ['noise.bin']),
  other('ssh', 'openssh-client', 'OpenSSH', 'keys, signatures, agent', ['words.txt']),
  other('gnupg', 'gnupg gpg gpg-agent gpgconf', 'GnuPG', 'keys, signatures, encryption, through its agent', [
    'noise.bin',
    'words.txt',
  ]),
]

const TOOLS: Other[] = [
  other('git', 'git', 'git', 'merge, rebase, bisect, gc, clones, hooks, worktrees', ['words.txt']),
  other('ffmpeg', 'ffmpeg', 'FFmpeg', 'ffv1, mpeg4, mjpeg, x264, flac, png; filters, containers'),
  other('imagemagick', 'imagemagick imagemagick-7.q16', 'ImageMagick', 'drawing, rotation, colour spaces, formats'),
  other('chess', 'stockfish gnuchess', 'Stockfish, GNU Chess', 'searches of fixed depth, four threads, perft, bench'),
  other('media', 'sox flac webp x265 vpx-tools', 'SoX, FLAC, WebP, x265, VP9', 'lossless round trips', ['noise.bin']),
  other('shells', 'zsh tmux', 'Zsh, tmux', 'language and modules; a shell in a terminal multiplexer'),
  other(
    'archives',
    '7zip tar gzip bzip2 xz-utils zstd',
    '7-Zip, tar',
    'four methods with threads, encryption, damage, pipes to compressors',
    ['words.txt', 'prose.txt', 'noise.bin'],
  ),
  other(
    'typesetting',
    'groff ghostscript graphviz gnuplot-nox',
    'groff, Ghostscript, Graphviz, gnuplot',
    'manual pages, PostScript and PDF, graphs, plots',
  ),
  other('vim', 'vim', 'Vim', 'Ex mode: substitution, scripts, shell commands'),
  other('gdb', 'gdb', 'gdb', 'expressions and Python, without a process'),
  other('procps', 'procps', 'procps', 'ps, pgrep, free, sysctl'),
]

export const OTHERS: readonly Other[] = [...COMPILERS, ...MORE_COMPILERS, ...RUNTIMES, ...SERVERS, ...TOOLS]
