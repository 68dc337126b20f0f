# The C and C++ compilers, assembler and linker: several units, optimisation, a library, the preprocessor, errors; what they build runs.
cat >main.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include "queue.h"
struct node { struct node *left, *right; int key; };
static struct node *insert(struct node *n, int key) {
  if (!n) { n = calloc(1, sizeof *n); n->key = key; return n; }
  if (key < n->key) n->left = insert(n->left, key); else n->right = insert(n->right, key);
  return n;
}
static long sum(struct node *n) { return n ? n->key + sum(n->left) + sum(n->right) : 0; }
static int depth(struct node *n) { if (!n) return 0; int l = depth(n->left), r = depth(n->right); return 1 + (l > r ? l : r); }
int main(int argc, char **argv) {
  unsigned x = 12345; struct node *root = NULL;
  for (int i = 0; i < 20000; i++) { x = x * 1103515245 + 12345; root = insert(root, (int)(x >> 8)); }
  printf("%ld %d %s %d\n", sum(root), depth(root), VERSION, queue_test(argc));
  double s = 0; for (int i = 1; i < 1000; i++) s += sin(i) / i;
  printf("%.12f %zu\n", s, strlen(argv[0]));
  return 42;
}
END
cat >queue.h <<'END'
#define QUEUE(type, name) struct name { type items[16]; int head, tail; }; \
  static inline void name##_push(struct name *q, type v) { q->items[q->tail++ % 16] = v; } \
  static inline type name##_pop(struct name *q) { return q->items[q->head++ % 16]; }
int queue_test(int n);
END
printf '#include "queue.h"\nQUEUE(int, ints)\nint queue_test(int n) { struct ints q = {0}; for (int i = 0; i < 10; i++) ints_push(&q, i * n); int s = 0; while (q.head < q.tail) s = s * 3 + ints_pop(&q); return s; }\n' >queue.c
for o in -O0 -O2 '-O3 -flto' '-Os -g'; do gcc $o -Wall -DVERSION='"one"' -c main.c && gcc $o -c queue.c && gcc $o main.o queue.o -lm -o program && ./program a b; echo "$o $?"; done
gcc -E -P main.c -DVERSION=1 | tail -n 5; printf 'int f(int x) { return undeclared + x; }\nint g() { return 1 }\n' >bad.c; gcc -c bad.c; echo "bad $?"; printf 'int f(int *p) { int x; return *p + x; }\n' >warn.c; gcc -Wall -O2 -c warn.c; ar rcs libq.a queue.o && nm libq.a | grep -c queue_test; gcc -shared -fPIC queue.c -o libq.so && gcc -DVERSION='"shared"' main.c -L. -lq -lm -Wl,-rpath,"$PWD" -o program && ./program; echo "shared $?"
cat >templates.cc <<'END'
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
template <class T> T power(T b, unsigned e) { return e == 0 ? T(1) : (e % 2 ? b : T(1)) * power(b * b, e / 2); }
struct Base { virtual ~Base() = default; virtual std::string name() const = 0; };
struct Derived : Base { std::string name() const override { return "derived"; } };
int main() {
  std::map<std::string, int> count; for (auto w : {"b", "a", "b", "c"}) count[w]++;
  for (auto &[k, v] : count) std::cout << k << v << ' ';
  std::unique_ptr<Base> p = std::make_unique<Derived>(); std::cout << p->name() << ' ' << power(3LL, 20) << '\n';
  try { throw std::runtime_error("thrown"); } catch (const std::exception &e) { std::cout << e.what() << '\n'; }
  std::vector<long> parts(4); std::vector<std::thread> threads; for (int t = 0; t < 4; t++) threads.emplace_back([&, t] { for (int i = t; i < 100000; i += 4) parts[t] += i; });
  for (auto &t : threads) t.join(); std::sort(parts.begin(), parts.end()); for (auto v : parts) std::cout << v << ' '; std::cout << std::endl;
}
END
g++ -std=c++20 -O1 templates.cc -o program && ./program; echo "c++ $?"; rm -f program *.o *.a *.so *.c *.h *.cc
