# Pipelines, redirections, here documents, substitution, arithmetic, functions, loops, case, getopts, exit statuses.
set -u
sort words.txt | uniq -c | sort -k1,1nr -k2 | head -n 5
cut -d, -f3 people.csv | sort | uniq -c | while read -r count name; do echo "$name=$count"; done
total=0; for n in 1 2 3 4 5 6 7 8 9 10; do total=$((total + n * n)); done; echo "total $total $((0x1f | 010)) $((7 % -3)) $((1 << 40)) $((total > 300 ? 1 : 2))"
fib() { if [ "$1" -lt 2 ]; then echo "$1"; else echo $(($(fib $(($1 - 1))) + $(fib $(($1 - 2))))); fi; }
fib 7
cat <<END | tr a-z A-Z
expanded $total $(echo nested "$(echo twice)") \$literal
END
cat <<'END'
kept $total `echo`
END
cat <<-END
	tabs	removed
END
v=path/to/file.tar.gz; echo "${v##*/} ${v%%.*} ${v%.*} ${v#*/} ${#v} ${unset-default} ${v:+alternative} ${empty:=assigned} $empty"
(exit 3); echo "status $?"; ! true; echo "not $?"; false || echo or; true && echo and; { echo group; } ; (cd /; pwd)
case $v in *.zip) echo zip;; *.tar.*) echo tar;; esac; for f in *.txt; do echo "glob $f"; done; echo [a-z]*.csv
while getopts ab:c option -a -b value -c; do echo "option $option ${OPTARG-}"; done
set -- one 'two three' '' four; echo "$# $1 $2"; shift 2; for a in "$@"; do echo "<$a>"; done; IFS=:; set -- a:b:c; echo "$*" "$@"; x=a:b:c; for p in $x; do echo "part $p"; done; unset IFS
exec 3>out 4<people.csv; echo to three >&3; read -r first <&4; echo "first $first"; exec 3>&- 4<&-; cat out; { echo out; echo err >&2; } 2>&1 | sort; ls /no/such 2>/dev/null || echo "ls failed $?"
printf '%s %05d %x %5.2f|%-6s|%c\n' text 42 255 3.14159 left char; echo "a\tb" 'single "quotes"'; eval 'y=evaluated; echo $y'; readonly r=1; (r=2) 2>/dev/null || echo readonly
i=0; until [ $i -ge 5 ]; do i=$((i + 1)); [ $i = 2 ] && continue; [ $i = 4 ] && break; echo "i $i"; done; seq 3 | while read -r n; do i=$n; done; echo "i $i"
local_test() { local z=inner; echo $z; return 9; }; z=outer; local_test; echo "$z $?"; type local_test | head -n 1; command -v cat; alias greet='echo hi'; alias greet; umask; umask 077; : >private; stat -c %a private
yes | head -n 1000 | wc -l; seq 100000 | tail -n 1; seq 1000 | sed -n '500{p;q}'; mkfifo pipe; echo through fifo >pipe & cat pipe; wait; dd if=/dev/zero bs=1k count=100 2>/dev/null | wc -c; test -p pipe -a ! -e nothing && echo fifo
. ./included.sh argument; exit $((total % 256))
