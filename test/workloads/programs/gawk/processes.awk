# getline from files and commands, pipes out, coprocesses, system, sockets between two of gawk's own, printf > files, close statuses.
BEGIN {
  while (("seq 5" | getline line) > 0) total += line; print "total", total, close("seq 5")
  "echo one two three" | getline; print NF, $2; print "nested " cmd("echo inner | tr a-z A-Z")
  for (i = 10; i > 0; i--) print i * 7 % 11 | "sort -n | paste -sd,"; close("sort -n | paste -sd,")
  co = "sort -r"; print "apple" |& co; print "cherry" |& co; print "banana" |& co; close(co, "to"); while ((co |& getline line) > 0) print "co", line; print "closed", close(co)
  bc = "bc -l"; for (i = 1; i <= 3; i++) { print "scale=30; sqrt(" i ")" |& bc; bc |& getline root; print i, root } close(bc)
  print "status", system("exit 3"), system("kill -9 $$"), system("true"); print system("echo from system; exit 1")
  for (i = 1; i <= 5; i++) printf "%s line %d\n", "file", i > "tmp/out"; close("tmp/out"); while ((getline line < "tmp/out") > 0) n++; print n, (getline line < "missing"), ERRNO; printf "" > "tmp/empty"; print "appended" >> "tmp/out"; close("tmp/out")
  print cmd("wc -l < tmp/out"), ENVIRON["TZ"], (length(PROCINFO["pid"]) > 0), ARGC, ARGV[1]; print "to stderr" > "/dev/stderr"; print "to stdout" > "/dev/stdout"
  print -3 % 2, substr("x", 2) == "", length(12345), 1e3 "" ; RS = ""; FS = "\n"; while ((getline < "paragraphs") > 0) print NF ":" $1; RS = "[0-9]+"; while ((getline rec < "separated") > 0) print rec "<" RT ">"; fflush(); exit 1
}
function cmd(c,  r) { c | getline r; close(c); return r }
