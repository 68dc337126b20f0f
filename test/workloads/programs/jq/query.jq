def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def fac: if . <= 1 then 1 else . * (. - 1 | fac) end;
.records as $r |
{ count: ($r | length), active: ($r | map(select(.active)) | length), tags: ($r | map(.tags[]) | group_by(.) | map({ key: .[0], value: length }) | sort_by(-.value, .key) | .[:8] | from_entries),
  x: ($r | map(.position.x) | { min: min, max: max, mean: (add / length), median: median }),
  depth: ([$r[] | [recurse(if .parent == null then empty else $r[.parent] end)] | length] | { max: max, total: add }),
  longest: ($r | max_by(.name | length) | .name), paths: ($r[7] | [paths(scalars)] | map(join("."))), flat: ($r[3] | tostream | select(length == 2) | tojson),
  strings: ($r[:5] | map(.name | [ascii_upcase, (explode | reverse | implode), test("ka|lo"), gsub("(?<v>[aeiou])"; "<\(.v)>"), ltrimstr("ka"), length, .[1:3], @base64, @uri])),
  reduce: (reduce $r[] as { position: { $x, $y }, $id } (0; . + $x * $y + $id)), foreach: [foreach range(1; 8) as $i (1; . * $i; select($i % 2 == 1))], limit: [limit(5; repeat(.count // 1))], until: (1 | until(. > 1000; . * 3)),
  numbers: [1e1000, -0, 0.1 + 0.2, 10 / 3, 3 % 2, -7 % 3, (5 | fac), (10 | sqrt | . * 1e6 | round), pow(2; 70), (100 | log10), infinite, (nan | isnan), 12345678901234567890],
  dates: [(0 | todate), ("2015-03-05T23:51:47Z" | fromdate), (1425599621 | gmtime | mktime), (1e9 | strftime("%A, %B %d, %Y"))], try_: [try error("x") catch ., (try (1 | keys) catch .), ([1, "a", null] | map(tonumber? // "no")), (.missing? // "default")],
  csv: ($r[:3] | map([.id, .name, .active, .position.x] | @csv, @tsv, @sh? // "")), set: ($r[0] | .position.x |= . + 1 | del(.tags) | .new[2].a = "b" | to_entries | map(.key)), cross: [[1, 2][] as $a | ["a", "b"][] | "\($a)\(.)"], input: (input_line_number | type), env: (env.TZ), split: ("a, b,c" | split(", *"; null)), capture: ("k=v" | capture("(?<key>\\w+)=(?<value>\\w+)")), walk: ({ a: [3, 1, 2], b: { c: [2, 1] } } | walk(if type == "array" then sort else . end)), transpose: ([[1, 2], [3]] | transpose), bsearch: ([1, 3, 5] | bsearch(3), bsearch(4)), sqljoin: ([{ id: 1, v: "x" }] | INDEX(.id)), label: [label $out | 1, 2, break $out, 3], getpath: ({ a: { b: 1 } } | getpath(["a", "b"])), unicode: ("é☃😀" | [length, utf8bytelength, explode]) }
