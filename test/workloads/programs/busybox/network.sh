# busybox servers and clients on this machine only: httpd with wget, nc; ash as a script language.
set -u
mkdir -p www/cgi-bin; echo 'index page' >www/index.html; cp noise.bin www/; printf '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n"\necho "cgi $REQUEST_METHOD $QUERY_STRING"\n' >www/cgi-bin/hello; chmod +x www/cgi-bin/hello
port=$((20000 + $(cut -d' ' -f22 /proc/self/stat) % 20000)); server=
until [ -n "$server" ] && kill -0 $server 2>/dev/null && busybox nc -w 1 127.0.0.1 $port </dev/null 2>/dev/null; do
  if [ -z "$server" ] || ! kill -0 $server 2>/dev/null; then port=$((port + 1)); busybox httpd -f -p 127.0.0.1:$port -h www 2>/dev/null & server=$!; fi
  sleep 0.1
done
for path in / /noise.bin /cgi-bin/hello?x=1 /missing; do busybox wget -q -O got http://127.0.0.1:$port$path; echo "$path $? $(md5sum <got)"; done
(printf 'GET /index.html HTTP/1.0\r\n\r\n'; sleep 0.3) | busybox nc 127.0.0.1 $port | busybox sed '/^Date/d;/^Last/d;/^ETag/d'
ash_test() { local IFS=,; set -- $1; echo "$# $2"; }; ash_test a,b,c; x=hello; echo "${x:1:3} ${x/l/L} ${x//l/L} ${#x}"; [ "$x" == hello ] && echo equal; [[ $x =~ ^h.*o$ ]] && echo matches; i=0; while let 'i < 3'; do let i++; done; echo $i; printf '%s\n' "$((2 ** 10))"; type ash_test | head -n 1; trap 'echo exit trap' EXIT; sleep 0.2 & wait $!; echo "waited $?"; { echo out; echo err >&2; } 2>&1 | busybox sort; source ./lib.sh; echo $'tab\there'; read -r -n 3 three <lib.sh; echo "$three"; set -o pipefail; false | true; echo $?; kill $server; rm -rf www got sent received
