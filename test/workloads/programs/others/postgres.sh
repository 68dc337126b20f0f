# PostgreSQL with two clients at the same time: many processes, shared memory, semaphores, files. It refuses to run as root.
user=65534; mkdir -p db && chown -R $user:$user db .; B=$(echo /usr/lib/postgresql/*/bin); cat >inner.sh <<END
cd "$PWD" && export PATH=$B:\$PATH HOME=$PWD TZ=UTC
initdb -D db/data -U me -A trust --locale=C --encoding=UTF8 --no-sync >init.log 2>&1 || { tail -n 5 init.log; exit 1; }
pg_ctl -D db/data -w -t 200 -l db/log -o "-c listen_addresses='' -c unix_socket_directories=$PWD/db -c fsync=off -c max_parallel_workers=2" start >/dev/null || { cat db/log; exit 1; }
p() { psql -h $PWD/db -U me -d postgres -X -q -A -t "\$@"; }
p -c "create table t(id serial primary key, name text, v double precision)" -c "insert into t(name, v) select 'n' || i % 100, sqrt(i) from generate_series(1, 20000) i" -c "create index on t(name)" -c "analyze t"
p -c "select name, count(*), round(sum(v)::numeric, 4) from t group by name order by 3 desc limit 3" -c "select sum(v) over (order by id) from t limit 2 offset 100" -c "with recursive f(a, b) as (values (0::numeric, 1::numeric) union all select b, a + b from f where a < 1e30) select max(a) from f" -c "select to_json(row(1, 'x')), regexp_replace('abc', 'b', 'X'), now() > '2020-01-01', 2 ^ 0.5, md5('x')"
for c in 1 2 3 4; do (for i in 1 2 3 4 5; do p -c "begin; update t set v = v + 1 where id = 1; commit"; done) & done; wait \$(jobs -p)
p -c "select round(v) from t where id = 1" -c "do \\\$\\\$ begin for i in 1..1000 loop perform i * i; end loop; raise notice 'looped'; end \\\$\\\$" 2>&1; p -c "select 1 / 0" 2>&1; pg_dump -h $PWD/db -U me postgres | grep -c COPY; p -c vacuum -c "select count(*) from pg_class where relname = 't'"; pg_ctl -D db/data -m fast -w stop >/dev/null; echo "stopped \$?"
END
perl -e 'my $user = 0 + $ARGV[0]; $) = "$user $user"; $( = $user; $< = $> = $user; $ENV{HOME} = "."; exec "bash", "inner.sh"' $user; echo "status $?"; rm -rf db inner.sh init.log
