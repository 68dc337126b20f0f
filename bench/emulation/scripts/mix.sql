-- What a database is used for. The table `size` has one row with the number of rows, `n`.
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, department INTEGER, salary INTEGER);
BEGIN;
WITH RECURSIVE counter(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counter WHERE i < (SELECT n FROM size))
INSERT INTO people SELECT i, printf('%s-%06d', substr('abcdefghijklmnopqrstuvwxyz', 1 + i * 7919 % 20, 5), i * 104729 % 1000003), i * 31 % 97, i * 7907 % 90000 FROM counter;
COMMIT;
CREATE INDEX by_department ON people(department, salary);
CREATE INDEX by_name ON people(name);
CREATE TABLE departments (id INTEGER PRIMARY KEY, title TEXT);
INSERT INTO departments SELECT DISTINCT department, 'department ' || department FROM people;
SELECT title, count(*), avg(salary), max(name) FROM people JOIN departments ON department = departments.id GROUP BY department ORDER BY 3 DESC LIMIT 5;
SELECT count(*) FROM people WHERE name LIKE '%99%' AND salary BETWEEN 1000 AND 50000;
UPDATE people SET salary = salary + 10 WHERE department % 3 = 0;
DELETE FROM people WHERE id % 11 = 0;
SELECT a.department, count(*) FROM people a JOIN people b ON a.department = b.department AND b.salary = a.salary + 10 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3;
SELECT sum(length(name)), group_concat(DISTINCT substr(name, 1, 1)) FROM (SELECT name FROM people ORDER BY name);
SELECT department, rank() OVER (ORDER BY total DESC) FROM (SELECT department, sum(salary) AS total FROM people GROUP BY department) ORDER BY 1 LIMIT 5;
SELECT json_group_array(json_object('id', id, 'name', name)) FROM (SELECT id, name FROM people ORDER BY salary, id LIMIT 20);
