"""Big integers, floats at their edges, recursion, generators, deep data, exceptions in deep frames."""
import array, bisect, cmath, itertools, math, sys
sys.set_int_max_str_digits(0)
factorial = math.factorial(2000)
print(len(str(factorial)), str(factorial)[:60], factorial % (10**9 + 7), factorial.bit_length())
def fibonacci(n):
    if n == 0: return (0, 1)
    a, b = fibonacci(n >> 1)
    c, d = a * (2 * b - a), a * a + b * b
    return (d, c + d) if n & 1 else (c, d)
print(str(fibonacci(20000)[0])[-80:])
def digits_of_pi(count):
    q, r, t, k, n, l = 1, 0, 1, 1, 3, 3
    while count:
        if 4 * q + r - t < n * t:
            yield n
            count -= 1
            q, r, n = 10 * q, 10 * (r - n * t), 10 * (3 * q + r) // t - 10 * n
        else:
            q, r, t, k, n, l = q * k, (2 * q + r) * l, t * l, k + 1, (q * (7 * k + 2) + r * l) // (t * l), l + 2
print(''.join(map(str, digits_of_pi(400))))
def is_prime(n):
    if n < 2 or n % 2 == 0: return n == 2
    d, s = n - 1, 0
    while d % 2 == 0: d, s = d // 2, s + 1
    return all(x in (1, n - 1) or any(pow(x, 2**r, n) == n - 1 for r in range(1, s)) for x in (pow(a, d, n) for a in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37) if a < n))
print([p for p in (2**e - 1 for e in range(2, 600)) if is_prime(p)][-2:], sum(is_prime(n) for n in range(10**6, 10**6 + 2000)))
print(pow(3, -1, 2**127 - 1), math.isqrt(10**101), math.gcd(2**200 * 9, 6**90), math.comb(300, 150), (-7) // 2, -7 % 3, divmod(-(10**30), 7), ~(1 << 70) >> 3, hex(-(2**100)), int('zz', 36))
sieve = bytearray([1]) * 300001
for i in range(2, 548):
    if sieve[i]: sieve[i * i::i] = bytes(len(range(i * i, 300001, i)))
print(sum(sieve[2:]), [i for i in range(299800, 300001) if sieve[i]])
values = [0.1, 1e308 * 10, -0.0, 5e-324, 2**53 + 1.0, 1e22, 123456789.123456789, float('nan')]
for v in values: print(repr(v), v.hex(), f'{v:.3e}', f'{v:.20g}', v.as_integer_ratio() if math.isfinite(v) else None, math.frexp(v))
print(math.fsum([0.1] * 10), sum([0.1] * 10), math.nextafter(1, 2), math.ulp(1e10), round(2.675, 2), round(-2.5), round(1234567, -3), math.remainder(7, 4), math.fma(0.1, 10, -1))
print([f'{f(0.7):.15g}' for f in (math.sin, math.cos, math.tan, math.asin, math.sinh, math.atan, math.exp, math.log, math.gamma, math.erf, math.cbrt)], cmath.exp(1j * math.pi).real, cmath.sqrt(-2), (1 + 2j) ** 3)
def queens(n, row=0, cols=0, left=0, right=0):
    if row == n: return 1
    free, count = ~(cols | left | right) & ((1 << n) - 1), 0
    while free:
        bit = free & -free
        free ^= bit
        count += queens(n, row + 1, cols | bit, (left | bit) << 1, (right | bit) >> 1)
    return count
print([queens(n) for n in range(1, 9)])
def ackermann(m, n): return n + 1 if m == 0 else ackermann(m - 1, 1) if n == 0 else ackermann(m - 1, ackermann(m, n - 1))
sys.setrecursionlimit(20000)
print(ackermann(2, 60))
def deep(n): return 0 if n == 0 else 1 + deep(n - 1)
print(deep(15000))
try: sys.setrecursionlimit(500); deep(10**6)
except RecursionError as error: print(type(error).__name__, str(error)[:32])
matrix = [[(i * 37 + j * 17) % 101 for j in range(40)] for i in range(40)]
product = [[sum(map(lambda a, b: a * b, row, col)) for col in zip(*matrix)] for row in matrix]
print(sum(map(sum, product)), product[7][9])
def determinant(m):
    m, sign, previous = [row[:] for row in m], 1, 1
    for k in range(len(m) - 1):
        if m[k][k] == 0:
            swap = next((i for i in range(k + 1, len(m)) if m[i][k]), None)
            if swap is None: return 0
            m[k], m[swap], sign = m[swap], m[k], -sign
        for i in range(k + 1, len(m)):
            for j in range(k + 1, len(m)): m[i][j] = (m[i][j] * m[k][k] - m[i][k] * m[k][j]) // previous
        previous = m[k][k]
    return sign * m[-1][-1]
print(determinant([row[:18] for row in matrix[:18]]))
numbers = array.array('d', map(float, open('numbers.txt')))
print(len(numbers), sum(numbers), min(numbers), sorted(numbers)[10000], bisect.bisect(sorted(numbers), 0.0), numbers.tobytes()[:16].hex())
print(sum(1 for _ in itertools.permutations(range(8))), list(itertools.islice(itertools.accumulate(itertools.count(1), lambda a, b: a * b % 1000003), 5, 15)), len({frozenset(c) for c in itertools.combinations(range(12), 4)}))
