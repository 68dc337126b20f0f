/**
 * Debian's source packages, built as they are with their own build systems under `ferry cc`, and their own tests. `lines` are
 * those of C. Steps are lines for sh, in the source's folder, where
 *
 *   cc, ar, ranlib   are those of ferry, by their names alone (CC="ferry cc")
 *   $HOST            riscv64-linux-gnu
 *   $DONE            folder of the projects that are built: $DONE/zlib
 *   $INPUT           text of 4 MB
 *   $RUN             runs a guest program, in workloads; what they print is compared between engines
 *
 * In steps guest programs run by their names (binfmt.ts).
 */
export interface Project {
  readonly name: string
  /** Debian's source package. */
  readonly source: string
  readonly configure?: string
  readonly build: string
  /** The project's own tests; a project without has a workload. */
  readonly test?: string
  readonly workload?: string
  /** Other projects that it links with. */
  readonly needs?: readonly string[]
}

const TOOLS = 'CC="ferry cc" CXX="ferry c++" AR=ferry-ar RANLIB=ferry-ranlib NM=ferry-nm'
const autotools = (options = '') => `./configure --host=$HOST ${TOOLS} ${options}`

export const PROJECTS: readonly Project[] = [
  {
    name: 'zlib',
    source: 'zlib',
    configure: `${TOOLS} CHOST=$HOST ./configure`,
    build: 'make',
    test: 'make test',
    workload: '$RUN ./minigzip -9 <$INPUT | tee out.gz | cksum; $RUN ./minigzip -d <out.gz | cksum',
  },
  {
    name: 'bzip2',
    source: 'bzip2',
    build: `make ${TOOLS} libbz2.a bzip2 bzip2recover`,
    test: `make ${TOOLS} test`,
    workload: '$RUN ./bzip2 -9 <$INPUT | tee out.bz2 | cksum; $RUN ./bzip2 -d <out.bz2 | cksum',
  },
  {
    name: 'xz',
    source: 'xz-utils',
    configure: autotools('--disable-nls --disable-doc'),
    build: 'make',
    test: 'make check',
    workload:
      'head -c 1000000 $INPUT >in; $RUN src/xz/.libs/xz -T1 <in | tee out.xz | cksum; $RUN src/xz/.libs/xz -d <out.xz | cksum',
  },
  {
    name: 'zstd',
    source: 'libzstd',
    build: `make -C programs ${TOOLS} UNAME=Linux zstd HAVE_THREAD=1 HAVE_ZLIB=0 HAVE_LZMA=0 HAVE_LZ4=0 && make -C tests ${TOOLS} UNAME=Linux fuzzer`,
    test: 'cd tests && ./fuzzer -s5 -i150 -v --no-big-tests',
    workload:
      '$RUN programs/zstd -12 --single-thread <$INPUT | tee out.zst | cksum; $RUN programs/zstd -d <out.zst | cksum',
  },
  {
    name: 'lua',
    source: 'lua5.4',
    configure:
      'mkdir -p debian/libtool && cp debian/configure.ac debian/libtool/ && cd debian/libtool && LIBTOOLIZE="libtoolize -i" autoreconf -f -i' +
      ` && ${autotools()} && cd ../.. && printf '#define DEB_HOST_MULTIARCH "%s"\\n' $HOST >src/lua5.4-deb-multiarch.h`,
    build: `make linux MYLIBS= LIBTOOL=$PWD/debian/libtool/libtool CC="ferry cc -std=gnu99" CXX="ferry c++"`,
    workload: '$RUN src/lua5.4 $SCRIPTS/mix.lua 300',
  },
  {
    name: 'sqlite3',
    source: 'sqlite3',
    configure: autotools('--disable-tcl --disable-readline'),
    build: 'make sqlite3',
    workload: "$RUN .libs/sqlite3 -cmd 'CREATE TABLE size AS SELECT 100000 AS n' :memory: <$SCRIPTS/mix.sql",
  },
  {
    name: 'libpng',
    source: 'libpng1.6',
    needs: ['zlib'],
    configure: autotools('CPPFLAGS=-I$DONE/zlib LDFLAGS=-L$DONE/zlib'),
    build: 'make',
    test: 'LD_LIBRARY_PATH=$DONE/zlib make check',
  },
  {
    name: 'jq',
    source: 'jq',
    configure: `touch jq.1 && autoreconf -i && ${autotools('--disable-docs --without-oniguruma --disable-maintainer-mode --disable-valgrind')}`,
    build: 'make',
    test: 'make check TESTS="tests/jqtest tests/shtest" && NO_VALGRIND=1 tests/utf8test && NO_VALGRIND=1 tests/base64test',
    workload:
      "$RUN .libs/jq -n '[range(200000) | {a: ., b: (. * . % 97 | tostring)}] | group_by(.b) | map(length) | add'",
  },
  {
    name: 'gzip',
    source: 'gzip',
    configure: autotools(),
    build: 'make MAKEINFO=:',
    test: 'make check MAKEINFO=:',
    workload: '$RUN ./gzip -9n <$INPUT | tee out.gz | cksum; $RUN ./gzip -d <out.gz | cksum',
  },
  {
    name: 'pcre2',
    source: 'pcre2',
    configure: autotools('--disable-cpp'),
    build: 'make',
    test: 'make check',
  },
  {
    name: 'gmp',
    source: 'gmp',
    configure: `autoreconf -i && ${autotools('--disable-cxx')}`,
    build: 'make MAKEINFO=:',
    test: 'make check MAKEINFO=:',
  },
]
