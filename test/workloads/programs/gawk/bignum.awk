# Arbitrary precision (-M), word frequencies, a Markov chain, a matrix, sorting by a comparison function of its own.
BEGIN { f = 1; for (i = 1; i <= 100; i++) f *= i; print f, 2 ^ 200, 7 ^ 99 % 1000007; PREC = 200; printf "%.50f %.40f\n", atan2(0, -1), sqrt(2); printf "%d\n", 10 ^ 30 + 1 }
{ for (i = 1; i <= NF; i++) { w = tolower($i); gsub(/[^a-z]/, "", w); count[w]++; if (last) follows[last][w]++; last = w } }
END {
  m = asorti(count, order, "by_count"); for (i = 1; i <= 10; i++) print order[i], count[order[i]]; w = order[1]; for (i = 0; i < 12; i++) { printf "%s ", w; asorti(follows[w], next_words, "by_name"); w = next_words[1 + i % length(next_words)] } print ""
  for (i = 1; i <= 30; i++) for (j = 1; j <= 30; j++) a[i, j] = (i * 31 + j * 17) % 101; for (i = 1; i <= 30; i++) for (j = 1; j <= 30; j++) { s = 0; for (k = 1; k <= 30; k++) s += a[i, k] * a[k, j]; t += s * (i - j) } print t, m
}
function by_count(i1, v1, i2, v2) { return count[i2] - count[i1] != 0 ? count[i2] - count[i1] : (i1 < i2 ? -1 : 1) }
function by_name(i1, v1, i2, v2) { return i1 < i2 ? -1 : i1 > i2 }
