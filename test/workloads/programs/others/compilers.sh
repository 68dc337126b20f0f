# Clang, GNU Fortran, LDC (D) and GnuCOBOL: what they compile runs; SWI-Prolog with constraints and threads.
cat >m.c <<'END'
#include <math.h>
#include <stdio.h>
struct s { double a[4]; };
static double f(struct s *p, int n) { double t = 0; for (int i = 0; i < n; i++) for (int j = 0; j < 4; j++) t += p[i].a[j] * j; return t; }
int main() { struct s v[100]; for (int i = 0; i < 100; i++) for (int j = 0; j < 4; j++) v[i].a[j] = i * j; printf("%.3f %.6f\n", f(v, 100), sin(1.0)); return 3; }
END
for o in -O0 -O1 -O2 -O3 -Os; do clang $o m.c -lm -o m && ./m; echo "$o $?"; done; printf 'unsigned h(unsigned x) { return x * 31 + (x >> 3); }\n' >h.c; for t in aarch64 x86_64 riscv64 powerpc64le; do clang --target=$t-linux-gnu -O2 -S -o - h.c | md5sum; done; clang -O2 -S -emit-llvm -o - m.c | grep -c define; echo 'int f( {' >bad.c; clang -c bad.c 2>&1 | grep -c error:
cat >t.f90 <<'END'
program t
  real(8) :: a(3, 3)
  integer :: i, n
  a = reshape([(i * 1d0, i = 1, 9)], [3, 3])
  print '(3f10.4)', matmul(a, transpose(a))
  n = 0
  !$omp parallel do reduction(+:n)
  do i = 1, 1000
    n = n + i
  end do
  print *, sum(a), maxval(a), n
  stop 3
end
END
for o in -O0 -O3; do gfortran -fopenmp $o t.f90 -o t && OMP_NUM_THREADS=4 ./t; echo "fortran $?"; done
printf 'import std.stdio, std.algorithm, std.range, std.parallelism;\nvoid main() { writeln(iota(1, 100).filter!(a => a %% 2).sum); auto r = new int[100]; foreach (i, ref x; parallel(r)) x = cast(int)(i * i); writeln(r.sum); try { throw new Exception("e"); } catch (Exception e) writeln(e.msg); }\n' >d.d; CC=gcc ldc2 -O d.d && ./d; echo "d $?"
printf '       IDENTIFICATION DIVISION.\n       PROGRAM-ID. T.\n       DATA DIVISION.\n       WORKING-STORAGE SECTION.\n       01 N PIC 9(6)V99 VALUE 12.50.\n       PROCEDURE DIVISION.\n           MULTIPLY 3 BY N. DISPLAY "N=" N. STOP RUN.\n' >c.cob; cobc -x -o c c.cob && ./c; echo "cobol $?"
cat >t.pl <<'END'
:- use_module(library(clpfd)).
:- use_module(library(thread)).
queens(N, Qs) :- length(Qs, N), Qs ins 1..N, safe(Qs), labeling([ff], Qs).
safe([]). safe([Q|Qs]) :- no_attack(Q, Qs, 1), safe(Qs).
no_attack(_, [], _). no_attack(Q, [Q1|Qs], D) :- Q #\= Q1, abs(Q - Q1) #\= D, D1 is D + 1, no_attack(Q, Qs, D1).
square(A, B) :- B is A * A.
main :- queens(8, Qs), writeln(Qs), X is 2**100, writeln(X), concurrent_maplist(square, [1, 2, 3], L), writeln(L), catch(atom_length(_, _), _, writeln(caught)), findall(P, (between(2, 50, P), \+ (between(2, P, D), D < P, 0 is P mod D)), Ps), writeln(Ps), halt(3).
END
swipl -q -g main t.pl; echo "prolog $?"; rm -f m m.c h.c bad.* t t.* d d.* c c.*
