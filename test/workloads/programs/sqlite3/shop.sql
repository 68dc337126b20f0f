-- A file database: import, indexes, transactions, savepoints, constraints, triggers, views, joins, window functions, recursive queries, full-text search, JSON, blobs, vacuum.
.bail off
.mode list
pragma journal_mode = wal;
pragma foreign_keys = on;
create table department(id text primary key, name text not null unique, budget real check (budget >= 0)) without rowid;
insert into department select 'd' || value, 'department ' || char(65 + value), 1000.5 * value from generate_series(0, 11);
create table person(id integer primary key, name text, department text references department(id) on delete cascade, salary real, birth text, city text);
create temp table raw(id, name, department, salary, birth, city);
.import --csv people.csv raw
insert into person select id, name, department, cast(salary as real), birth, city from raw;
create index by_city on person(city, salary desc); create index by_birth on person(substr(birth, 1, 4)) where salary > 50000;
select count(*), round(sum(salary), 2), min(birth), max(birth) from person;
select department, count(*), round(avg(salary), 3), group_concat(distinct substr(city, 1, 2)) from person group by 1 having count(*) > 400 order by 2 desc, 1;
.mode column
.headers on
select city, name, salary, rank() over w as place, round(salary - lead(salary) over w, 2) as ahead, ntile(4) over w as quarter, round(avg(salary) over (partition by city order by birth rows between 2 preceding and current row), 2) as moving from person where city in ('katon', 'lodon', 'mirton') or city like 'z_ton' window w as (partition by city order by salary desc) order by city, place limit 15;
.headers off
.mode list
explain query plan select name from person where city = 'katon' and salary > 70000 order by salary desc;
with recursive primes(n) as (select 2 union all select n + 1 from primes where n < 300) select group_concat(n, ' ') from primes p where not exists (select 1 from primes q where q.n * q.n <= p.n and p.n % q.n = 0);
with recursive f(n, a, b) as (values (1, 0, 1) union all select n + 1, b, a + b from f where n < 90) select a from f where n in (10, 50, 90);
with recursive input(sud) as (values ('53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79')), digits(z, lp) as (values ('1', 1) union all select cast(lp + 1 as text), lp + 1 from digits where lp < 9), x(s, ind) as (select sud, instr(sud, '.') from input union all select substr(s, 1, ind - 1) || z || substr(s, ind + 1), instr(substr(s, 1, ind - 1) || z || substr(s, ind + 1), '.') from x, digits as z where ind > 0 and not exists (select 1 from digits as lp where z.z = substr(s, ((ind - 1) / 9) * 9 + lp, 1) or z.z = substr(s, ((ind - 1) % 9) + (lp - 1) * 9 + 1, 1) or z.z = substr(s, (((ind - 1) / 3) % 3) * 3 + ((ind - 1) / 27) * 27 + lp + ((lp - 1) / 3) * 6, 1))) select s from x where ind = 0;
create table log(what text, at integer primary key autoincrement); create trigger moved after update of department on person when old.department <> new.department begin insert into log(what) values (old.name || ' ' || old.department || '>' || new.department); end;
begin; update person set department = 'd1' where id % 500 = 0; savepoint s; delete from person where id < 1000; select count(*) from person; rollback to s; release s; select count(*), (select count(*) from log) from person; commit; select * from log order by at limit 4;
begin; update person set salary = salary * 2; rollback; insert into person(id, department) values (1, 'd1'); insert into person(id, department) values (99999, 'nowhere'); insert into department values ('x', 'y', -1); insert into department values ('d1', 'again', 1) on conflict(id) do update set budget = budget + excluded.budget returning *;
update person set name = upper(name) where id between 10 and 12 returning id, name; delete from department where id = 'd11'; select count(*), total_changes() > 0, changes() from person;
create view rich as select p.name, d.name as dept from person p join department d on d.id = p.department where salary > 109000; select * from rich order by 1 limit 5; select d.id, count(p.id) from department d left join person p on p.department = d.id and p.city = 'katon' group by d.id order by 1;
create virtual table words using fts5(body); insert into words select name || ' ' || city from person; select count(*) from words where words match 'katon OR dor*'; select rowid, highlight(words, 0, '[', ']') from words where words match 'angeton' order by bm25(words), rowid limit 3; create virtual table box using rtree(id, x0, x1, y0, y1); insert into box select id, id % 97, id % 97 + 3, id % 89, id % 89 + 2 from person; select count(*) from box where x0 > 10 and x1 < 20 and y0 < 30;
select json_group_array(json_object('id', id, 'n', name)) from (select * from person order by id limit 3); select key, value, type from json_tree('{"a":[1,2.5,{"b":null}],"c":"\u00e9"}') where atom is not null; select json_extract('{"a":{"b":[10,20]}}', '$.a.b[1]'), '{"x":5}' ->> 'x', json_patch('{"a":1}', '{"b":2}');
select typeof(1), typeof(1.0), typeof('1' + 1), 7 / 2, -7 % 3, 1 / 0, 9223372036854775807 + 1, 0.1 + 0.2, round(2.5), abs(-9), hex(zeroblob(4)), quote(x'00ff'), length('é'), unicode('€'), printf('%08.3f|%-5d|%,d|%e', 3.14159, 42, 1234567, 0.00012), like('a%', 'Abc'), 'abc' glob 'a*', 'x' is null, coalesce(null, 2), iif(1 > 2, 'a', 'b'), trim('  x '), replace('aaa', 'a', 'bc'), substr('hello', -3, 2), instr('hello', 'l'), cast('12abc' as integer), nullif(1, 1), max(1, 2, 3), date('2024-02-29', '+1 year'), strftime('%j %W %s', '2024-12-31'), julianday('2000-01-01');
select pow(2, 0.5), ln(10), sin(1), degrees(pi()), ceil(-1.5), mod(7.5, 2), log2(1024), atan2(1, -1); select sum(value), avg(value * value) from generate_series(1, 200000); create table blobs(b blob); insert into blobs select zeroblob(100000) from generate_series(1, 20); select sum(length(b)) from blobs; drop table blobs; pragma wal_checkpoint(truncate); vacuum; pragma integrity_check; pragma page_count; select hex(sha3(name, 256)) from person where id = 5;
.sha3sum
.output dump.sql
.dump department log
.output
.schema person
.tables
pragma journal_mode = delete;
