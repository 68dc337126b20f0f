/* Structs and unions by value, of every class that the psABI passes differently, as parameters and results. */
#include <stdio.h>

#define KEEP __attribute__((noinline))

typedef struct { char c; } Byte;
typedef struct { char c[3]; } Bytes3;
typedef struct { int a; short b; } Small;
typedef struct { long a, b; } Pair;
typedef struct { long a; int b; char c; } Uneven;
typedef struct { long a[3]; } Big;
typedef struct { float x; } OneFloat;
typedef struct { float x, y; } TwoFloats;
typedef struct { double x, y; } TwoDoubles;
typedef struct { double x; float y; } DoubleFloat;
typedef struct { int a; float x; } IntFloat;
typedef struct { double x; int a; } DoubleInt;
typedef struct { char c; double x; } CharDouble;
typedef struct { unsigned char c; float x; } UcharFloat;
typedef struct { double x, y, z; } ThreeDoubles;
typedef struct { float x[4]; } FourFloats;
typedef struct { struct { int a; } in; struct { double x; } out; } Nested;
typedef struct { } Empty;
typedef struct { int a : 5; unsigned b : 27; long c : 40; } Bits;
typedef struct { _Alignas(16) long a; } Aligned;
typedef union { int i; float f; } IntOrFloat;
typedef union { double d; char c[16]; } DoubleOrBytes;
typedef struct { const char *name; int (*function)(int); } Method;

KEEP Byte byte(Byte s) { s.c++; return s; }
KEEP Bytes3 bytes3(Bytes3 s) { s.c[2] = s.c[0] + s.c[1]; return s; }
KEEP Small small(Small s, int n) { s.a += n; s.b -= n; return s; }
KEEP Pair pair(Pair s) { return (Pair){s.b, s.a}; }
KEEP Uneven uneven(Uneven s) { s.a += s.b + s.c; return s; }
KEEP Big big(Big s, Big t) { for (int i = 0; i < 3; i++) s.a[i] *= t.a[2 - i]; t.a[0] = 0; return s; }
KEEP OneFloat one_float(OneFloat s) { s.x *= 2; return s; }
KEEP TwoFloats two_floats(TwoFloats s) { return (TwoFloats){s.y, s.x}; }
KEEP TwoDoubles two_doubles(TwoDoubles s) { return (TwoDoubles){s.y, s.x}; }
KEEP DoubleFloat double_float(DoubleFloat s) { s.x += s.y; return s; }
KEEP IntFloat int_float(IntFloat s) { s.a -= 3; s.x += s.a; return s; }
KEEP DoubleInt double_int(DoubleInt s) { s.a -= 3; s.x += s.a; return s; }
KEEP CharDouble char_double(CharDouble s) { s.c += 200; s.x += s.c; return s; }
KEEP UcharFloat uchar_float(UcharFloat s) { s.c += 200; s.x += s.c; return s; }
KEEP ThreeDoubles three_doubles(ThreeDoubles s) { s.z = s.x + s.y; return s; }
KEEP FourFloats four_floats(FourFloats s) { s.x[3] = s.x[0] + s.x[1] * s.x[2]; return s; }
KEEP Nested nested(Nested s) { s.out.x += s.in.a; return s; }
KEEP Bits bits(Bits s) { s.a--; s.b++; s.c *= 3; return s; }
KEEP Aligned aligned(int n, Aligned s) { s.a += n; return s; }
KEEP IntOrFloat int_or_float(IntOrFloat u) { u.f *= 2; return u; }
KEEP DoubleOrBytes double_or_bytes(DoubleOrBytes u) { u.d *= 2; return u; }
KEEP int twice(int n) { return 2 * n; }
KEEP Method method(Method m) { m.name++; return m; }
KEEP int empty(Empty e, int n) { (void)e; return n + 1; }

/* More than the registers hold: the last structs are split between registers and stack, or wholly on the stack. */
KEEP long overflow(long a, long b, long c, long d, long e, long f, long g, Pair split, Pair stacked, Aligned last) {
  return a + b + c + d + e + f + g + 10 * split.a + 100 * split.b + 1000 * stacked.a + 10000 * stacked.b + 100000 * last.a;
}
KEEP double float_overflow(double a, double b, double c, double d, double e, double f, double g, TwoDoubles in_integers,
                           IntFloat mixed, OneFloat last) {
  return a + b + c + d + e + f + g + 10 * in_integers.x + 100 * in_integers.y + mixed.a + mixed.x + last.x;
}

int main(void) {
  printf("%d\n", byte((Byte){255}).c);
  Bytes3 b3 = bytes3((Bytes3){{1, 2, 3}});
  printf("%d %d %d\n", b3.c[0], b3.c[1], b3.c[2]);
  Small s = small((Small){-1, -2}, 5);
  printf("%d %d\n", s.a, s.b);
  Pair p = pair((Pair){1, -2});
  printf("%ld %ld\n", p.a, p.b);
  Uneven u = uneven((Uneven){1, -2, 'a'});
  printf("%ld %d %d\n", u.a, u.b, u.c);
  Big before = {{4, 5, 6}}, g = big((Big){{1, 2, 3}}, before);
  printf("%ld %ld %ld, %ld\n", g.a[0], g.a[1], g.a[2], before.a[0]);
  printf("%g\n", one_float((OneFloat){1.5f}).x);
  TwoFloats tf = two_floats((TwoFloats){1.5f, -2.5f});
  printf("%g %g\n", tf.x, tf.y);
  TwoDoubles td = two_doubles((TwoDoubles){1.5, -2.5});
  printf("%g %g\n", td.x, td.y);
  DoubleFloat df = double_float((DoubleFloat){1.5, -2.25f});
  printf("%g %g\n", df.x, df.y);
  IntFloat i_f = int_float((IntFloat){1, 2.5f});
  printf("%d %g\n", i_f.a, i_f.x);
  DoubleInt di = double_int((DoubleInt){2.5, 1});
  printf("%g %d\n", di.x, di.a);
  CharDouble cd = char_double((CharDouble){100, 2.5});
  printf("%d %g\n", cd.c, cd.x);
  UcharFloat uf = uchar_float((UcharFloat){100, 2.5f});
  printf("%d %g\n", uf.c, uf.x);
  ThreeDoubles three = three_doubles((ThreeDoubles){1, 2, 0});
  printf("%g %g %g\n", three.x, three.y, three.z);
  FourFloats four = four_floats((FourFloats){{1, 2, 3, 0}});
  printf("%g\n", four.x[3]);
  Nested n = nested((Nested){{3}, {0.5}});
  printf("%d %g\n", n.in.a, n.out.x);
  Bits bf = bits((Bits){-16, (1u << 27) - 1, 1L << 38});
  printf("%d %u %ld\n", bf.a, bf.b, (long)bf.c);
  printf("%ld\n", aligned(5, (Aligned){6}).a);
  printf("%g %g\n", int_or_float((IntOrFloat){.f = 1.5f}).f, double_or_bytes((DoubleOrBytes){.d = 1.25}).d);
  Method m = method((Method){"method", twice});
  printf("%s %d\n", m.name, m.function(21));
  printf("%d\n", empty((Empty){}, 41));
  printf("%ld\n", overflow(1, 2, 3, 4, 5, 6, 7, (Pair){8, 9}, (Pair){1, 2}, (Aligned){3}));
  printf("%g\n", float_overflow(1, 2, 3, 4, 5, 6, 7, (TwoDoubles){8, 9}, (IntFloat){10, 11}, (OneFloat){12}));
  return 0;
}
