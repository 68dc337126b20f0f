# Readers and writers of one file database at the same time; busy time-outs; hot journals after a killed writer.
set -eu
q() { sqlite3 -cmd '.timeout 100000' "$@"; }
q shared.db 'create table counter(name text primary key, n integer); insert into counter values ("a", 0), ("b", 0); create table entry(writer integer, n integer);'
for w in 1 2 3 4; do
  (for n in 1 2 3 4 5; do q shared.db "begin immediate; update counter set n = n + $w where name = 'a'; insert into entry select $w, value from generate_series(1, 50); commit;"; done) &
done
for r in 1 2; do
  (for n in 1 2 3 4; do q shared.db "select case when (select n from counter where name = 'b') = 0 and count(*) % 50 = 0 then 'consistent' else 'torn ' || count(*) end from entry"; done) &
done
wait
q shared.db 'select * from counter order by 1; select writer, count(*), sum(n) from entry group by 1 order by 1; pragma integrity_check'
q shared.db 'pragma journal_mode = wal' 'pragma synchronous = off' >/dev/null
for w in 1 2 3; do printf 'begin immediate;\nupdate counter set n = n + 1 where name = "b";\ncommit;\n%.0s' 1 2 3 4 5 6 7 8 | q shared.db & done; wait
q shared.db 'select n from counter where name = "b"'
mkfifo tmp/commands; sqlite3 shared.db <tmp/commands & writer=$!
exec 9>tmp/commands; printf 'pragma journal_mode = delete;\npragma cache_size = 5;\nbegin exclusive;\ninsert into entry select 9, value from generate_series(1, 100000);\n.shell touch tmp/inserted\n' >&9
while [ ! -e tmp/inserted ]; do sleep 0.05; done
sqlite3 shared.db 'select count(*) from entry' 2>&1 || echo "locked $?"
kill -9 $writer; exec 9>&-; { wait $writer; } 2>/dev/null || echo "killed $?"
ls shared.db-journal && q shared.db 'select count(*) from entry; pragma integrity_check'; ls shared.db*
sqlite3 memory.db '.read missing.sql' || echo "error $?"; echo 'select broken from' | sqlite3 memory.db || echo "error $?"; head -c 5000 /dev/zero | tr '\0' x >bad.db; sqlite3 bad.db 'select 1 from sqlite_schema' || echo "error $?"
q shared.db '.backup copy.db'; sqlite3 copy.db .dump | sqlite3 restored.db; for d in copy restored; do sqlite3 $d.db 'select sum(n * writer) from entry'; done; sqlite3 -json copy.db 'select * from counter'; sqlite3 -box copy.db 'select * from counter'; sqlite3 -readonly copy.db 'delete from counter' || echo "readonly $?"; rm -f -- *.db
