# Associative arrays, printf, arrays of arrays, sorting functions, regular expressions, string functions, user functions, time, bits.
BEGIN { FS = ","; OFS = "|"; PROCINFO["sorted_in"] = "@ind_str_asc" }
{ n[$3]++; sum[$3] += $4; if (!($3 in max) || $4 > max[$3]) { max[$3] = $4 + 0; who[$3] = $2 }; year[substr($5, 1, 4)]++; by[$3][$6]++; if (match($2, /(ka|lo)(mi|ren)(.*)/, m)) found[m[1] m[2]]++ }
$4 > 109900 { print NR, $2, $4 }
/zuton$/ && NR % 40 == 0 { $3 = toupper($3); print; next }
END {
  for (d in n) printf "%-5s %5d %14.2f %10.3f %s\n", d, n[d], sum[d], sum[d] / n[d], who[d]
  for (d in by) { c = 0; for (city in by[d]) c += by[d][city] > 20; print d, c, length(by[d]) }
  for (f in found) print f, found[f]
  k = asorti(year, years, "@val_num_desc"); print k, years[1], year[years[1]]; split("pear apple fig", fruit, " "); asort(fruit); print fruit[1], fruit[3]
  s = "The quick brown fox"; print length(s), index(s, "quick"), substr(s, 5, 5), toupper(s), gensub(/(\w+) (\w+)/, "\\2 \\1", "g", s), gsub(/o/, "0", s), s; print split("a1b22c333", parts, /[0-9]+/, seps), parts[3], seps[3]
  print 2 ** 53 + 1, 1e300 * 1e10, -log(0), int(-3.7), 7 % -3, 0.1 + 0.2, substr("hello", 0, 3), 1 == 1.0, "10" < "9", 10 < 9, strtonum("0x1F"), and(12, 10), or(12, 10), xor(12, 10), lshift(1, 40), compl(0)
  printf "%c%c %5.2e %x %o %i %08.3f %+d %s %%\n", 65, "BCD", 12345.678, 255, 8, 3.99, 3.14159, 5, 1e6; print strftime("%Y-%m-%d %H:%M:%S", 1e9, 1), mktime("2001 09 09 01 46 40"); print fib(20), sprintf("%s", exp(1)), atan2(0, -1), sin(1), sqrt(2)
  fn = "fib"; print @fn(10); switch (k) { case /^6/: print "sixties"; break; default: print "other" } delete n["d1"]; print ("d1" in n), typeof(by), typeof(unset), isarray(n); exit 3
}
function fib(x) { return x < 2 ? x : fib(x - 1) + fib(x - 2) }
