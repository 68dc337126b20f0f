-- A tour of Lua 5.4 whose output is the same everywhere: closures, metatables, coroutines, errors, strings, patterns,
-- sorting, integers and floats, goto, to-be-closed variables, garbage collection. Argument: scale of the work (default 1).

local scale = tonumber(arg and arg[1]) or 1
local checks, failures = 0, 0

local function check(name, got, want)
  checks = checks + 1
  if got ~= want then
    failures = failures + 1
    print(("FAILED %s: got %s, want %s"):format(name, tostring(got), tostring(want)))
  end
end

local function section(title)
  print("== " .. title)
end

local function sortedKeys(t)
  local keys = {}
  for k in pairs(t) do keys[#keys + 1] = k end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  return keys
end

-- A generator whose numbers do not depend on the library.
local function lcg(seed)
  local state = seed
  return function(limit)
    state = (state * 6364136223846793005 + 1442695040888963407)
    return (state >> 33) % limit
  end
end

section "integers and floats"
check("wrap around", math.maxinteger + 1, math.mininteger)
check("floor division", -7 // 2, -4)
check("modulo has the divisor's sign", -7 % 3, 2)
check("float modulo", 5.5 % -2, -0.5)
check("shift", 1 << 62, 4611686018427387904)
check("logical shift right", -1 >> 60, 15)
check("exact float to integer", 2 ^ 53 | 0, 9007199254740992)
check("math.type", math.type(1) .. math.type(1.0), "integerfloat")
check("integer from string", math.tointeger("8"), 8)
check("compare across types", 1 == 1.0 and 2 ^ 63 > math.maxinteger, true)
print(1 / 0, -1 / 0, math.huge // 1, 7 // 0.0, 3 | 0.0)
print(10 / 2, 3 // 2, 3.0 // 2, 2 ^ 10, 7 % 2.5, 1e15, 1e16, 0.1, -0.0)
print(string.format("%5.2f|%-8d|%+d|%x|%g|%e|%a", 3.14159, 42, 7, 255, 1e20, 12345.678, 0.5))
print(math.floor(-3.5), math.ceil(-3.5), math.fmod(-6, 4), math.ult(1, -1), math.abs(math.mininteger))
print((tostring(0 / 0):gsub("-", "")))
for _, text in ipairs { "0x10", "1e2", " 12 ", "0x.8p1", "1e", "abc", "0x" } do
  io.write(("%q"):format(text), " ", tostring(tonumber(text)), "; ")
end
print(tonumber("zz", 36), tonumber("777", 8), tonumber("9", 8))

section "closures"
local function counter(start)
  local n = start
  return { up = function(by) n = n + (by or 1) return n end, get = function() return n end }
end
local a, b = counter(10), counter(100)
for _ = 1, 5 do a.up() b.up(10) end
check("independent upvalues", a.get() * 1000 + b.get(), 15150)
local adders = {}
for i = 1, 5 do adders[i] = function(x) i = i + x return i end end
check("a fresh variable each turn", adders[2](10) + adders[2](10) + adders[5](0), 12 + 22 + 5)
local function curry(f, n)
  n = n or 2
  local function take(args)
    return function(x)
      local all = { table.unpack(args) }
      all[#all + 1] = x
      return #all == n and f(table.unpack(all)) or take(all)
    end
  end
  return take {}
end
check("curry", curry(function(x, y, z) return x * 100 + y * 10 + z end, 3)(1)(2)(3), 123)
check("select and varargs", (function(...) return select("#", ...) .. select(-1, ...) end)(nil, nil, "end"), "3end")

section "metatables"
local Vector = {}
Vector.__index = Vector
local function vector(x, y) return setmetatable({ x = x, y = y }, Vector) end
function Vector.__add(u, v) return vector(u.x + v.x, u.y + v.y) end
function Vector.__mul(u, v)
  if type(u) == "number" then return vector(u * v.x, u * v.y) end
  if type(v) == "number" then return vector(u.x * v, u.y * v) end
  return u.x * v.x + u.y * v.y
end
function Vector.__unm(u) return vector(-u.x, -u.y) end
function Vector.__eq(u, v) return u.x == v.x and u.y == v.y end
function Vector.__lt(u, v) return u:length() < v:length() end
function Vector.__le(u, v) return u:length() <= v:length() end
function Vector.__len() return 2 end
function Vector.__call(u, k) return k == 1 and u.x or u.y end
function Vector.__concat(u, v) return tostring(u) .. "~" .. tostring(v) end
function Vector.__tostring(u) return ("(%g, %g)"):format(u.x, u.y) end
function Vector:length() return (self * self) ^ 0.5 end
local u, v = vector(3, 4), vector(1, -1)
print(u + v, 2 * u, u * 2, u * v, -u, #u, u(1), u(2), u .. v, u:length(), v < u, v >= u, u == vector(3, 4))
local log = {}
local proxy = setmetatable({}, {
  __index = function(_, k) log[#log + 1] = "get " .. k return k .. "!" end,
  __newindex = function(t, k, value) log[#log + 1] = "set " .. k rawset(t, k, value) end,
  __close = function() log[#log + 1] = "close" end,
  __pairs = function() return function(_, k) if not k then return 1, "one" end end, nil, nil end,
})
do
  local guard <close> = proxy
  guard.name = guard.other
  for k, value in pairs(guard) do log[#log + 1] = k .. value end
end
check("events in order", table.concat(log, ", "), "get other, set name, 1one, close")
local Animal = setmetatable({}, { __call = function(class, ...) return class.new(class, ...) end })
Animal.__index = Animal
function Animal.new(class, name) return setmetatable({ name = name }, class) end
function Animal:speak() return self.name .. " says " .. self:sound() end
local Dog = setmetatable({ sound = function() return "woof" end }, { __index = Animal, __call = Animal.new })
Dog.__index = Dog
check("inheritance", Dog("Rex"):speak(), "Rex says woof")

section "coroutines"
local function permutations(list)
  local function permute(n)
    if n <= 1 then coroutine.yield(table.concat(list)) return end
    for i = 1, n do
      list[i], list[n] = list[n], list[i]
      permute(n - 1)
      list[i], list[n] = list[n], list[i]
    end
  end
  return coroutine.wrap(function() permute(#list) end)
end
local all = {}
for p in permutations { "a", "b", "c", "d" } do all[#all + 1] = p end
table.sort(all)
print(#all, all[1], all[2], all[#all])
local echo = coroutine.create(function(...)
  local got = { ... }
  while true do got = { coroutine.yield(#got, table.unpack(got)) } end
end)
print(coroutine.resume(echo, 1, nil, "x"))
print(coroutine.resume(echo))
print(coroutine.status(echo), coroutine.close(echo), coroutine.status(echo), coroutine.isyieldable())
local function producer() return coroutine.create(function() for i = 1, 4 do coroutine.yield("item " .. i) end end) end
local function filter(source)
  return coroutine.wrap(function()
    for line = 1, math.huge do
      local ok, item = coroutine.resume(source)
      if not ok or not item then return end
      coroutine.yield(("%d: %s"):format(line, item))
    end
  end)
end
for line in filter(producer()) do io.write(line, "; ") end
print()
local across = coroutine.wrap(function()
  local ok, message = pcall(function() local got = coroutine.yield("inside pcall") error("after " .. got, 0) end)
  coroutine.yield(tostring(ok) .. " " .. message)
  table.sort({ 3, 1, 2 }, function(x, y) return x < y end)
  return "done"
end)
print(across(), across("resume"), across())
print(select(2, coroutine.resume(coroutine.create(function() error({ code = 7 }) end))).code)
print(select(2, pcall(coroutine.wrap(function() error("in a wrap", 0) end))))
local depth = 0
local function nest(n) depth = n if n > 0 then return coroutine.wrap(nest)(n - 1) end return "bottom" end
print(nest(50), depth)

section "errors"
local function thrower(kind)
  if kind == "string" then error("a message") end
  if kind == "level" then error("blame the caller", 2) end
  if kind == "table" then error(setmetatable({ code = 42 }, { __tostring = function(e) return "code " .. e.code end })) end
  if kind == "nil" then error() end
  if kind == "arith" then return {} + 1 end
  if kind == "index" then return (nil)[kind] end
  if kind == "call" then return ("x")() end
  if kind == "compare" then return 1 < "2" end
  if kind == "concat" then return "a" .. {} end
  if kind == "integer" then return 1 // 0 end
  if kind == "convert" then return 1.5 | 1 end
  if kind == "overflow" then return thrower(kind) .. "" end
end
for _, kind in ipairs { "string", "level", "table", "nil", "arith", "index", "call", "compare", "concat", "integer", "convert" } do
  local ok, message = pcall(thrower, kind)
  print(kind, ok, (tostring(message):gsub("^.*tour%.lua", "tour.lua")))
end
local ok, message = pcall(thrower, "overflow")
print("overflow", ok, (tostring(message):match("stack overflow")))
print(xpcall(function() error("traced", 0) end, function(m) return m:upper() .. " " .. type(debug.traceback()) end))
print(select("#", pcall(error)), pcall(error, nil), (select(2, pcall(string.rep))))
print(pcall(string.rep, "x", -1), pcall(setmetatable, 1, {}))
print(load("return 1 +")) print(load("x ="))
print(load("local a <const> = 1; a = 2"))
local chunk = load("local n = ... ; local s = 0 for i = 1, n do s = s + i end return s, _ENV.answer", "sum", "t", { answer = 42 })
print(chunk(100))
local restored = load(string.dump(function(x) return x * 2 end))
print(restored(21))

section "strings"
local text = "The quick brown fox jumps over the lazy dog; THE END. 3.14, 42, -7e3, 0xFF"
print(text:len(), text:upper():sub(1, 9), text:reverse():sub(1, 5), ("ab"):rep(3, "-"), ("x"):byte(), string.char(76, 117, 97))
print(text:find("fox"), text:find("o", 20, true), text:find("(%a+) (%a+) over"), text:match("^(%w+)"), text:find("[%d.]+"))
print((text:gsub("%w+", function(w) return #w > 4 and w:upper() or nil end, 6)))
print((text:gsub("(%w+) (%w+)", "%2 %1", 2)), ("$name is $age"):gsub("%$(%w+)", { name = "Ann", age = 7 }))
print(("  trim me  "):match("^%s*(.-)%s*$") .. "|", ("f(a(b)c)d"):match("%b()"), ("THE (quick) fox"):find("%((%a+)%)"))
print(("key = value # note"):match("^(%w+)%s*=%s*([^#]-)%s*#"), ("hello"):gsub("", "."), ("abc"):gsub("%w", "%0%0"))
print(("frontier THE test"):gsub("%f[%a]%a+", string.lower), ("%d"):rep(3), ("a,b,,c"):gsub(",", ";"))
for word, number in ("one=1, two=2, three=3"):gmatch("(%w+)=(%d+)") do io.write(word, ":", number * 2, " ") end
print()
print(("%q"):format('quote " newline \n zero \0 done'), ("%-10s|%10s|%.3s"):format("left", "right", "truncate"), ("%i%%"):format(50))
print(string.pack(">I2i4s1z", 258, -2, "ab", "cd"):byte(1, -1))
print(string.unpack("<i4d", string.pack("<i4d", -123456, 2.5)))
print(utf8.char(228, 8364, 128512), utf8.len("äöü€"), utf8.codepoint("€", 1), #utf8.charpattern)
for place, code in utf8.codes("aé€") do io.write(place, "=", code, " ") end
print()

section "tables and sorting"
local list = {}
local random = lcg(2024)
for i = 1, math.floor(20000 * scale) do list[i] = random(1000000) end
table.sort(list)
local sorted = true
for i = 2, #list do sorted = sorted and list[i - 1] <= list[i] end
check("sorted", sorted, true)
local people = { { "Eve", 30 }, { "Bob", 25 }, { "Ann", 30 }, { "Dan", 25 }, { "Cid", 41 } }
table.sort(people, function(p, q) if p[2] ~= q[2] then return p[2] > q[2] end return p[1] < q[1] end)
for _, p in ipairs(people) do io.write(p[1], " ", p[2], "; ") end
print()
print(pcall(table.sort, { 3, 1, "x", 2 }))
print(table.concat(table.move({ 1, 2, 3, 4, 5 }, 2, 5, 1), ","), table.unpack({ 1, 2, 3 }, 2), table.pack(1, nil, 3).n)
local queue = {}
for i = 1, 10 do table.insert(queue, 1 + #queue // 2, i) end
table.remove(queue, 1) table.remove(queue)
print(table.concat(queue, " "), #queue, next({}), rawlen(queue), rawequal(queue, queue))
local counts = {}
for word in text:lower():gmatch("%a+") do counts[word] = (counts[word] or 0) + 1 end
for _, word in ipairs(sortedKeys(counts)) do io.write(word, counts[word] > 1 and "*" .. counts[word] or "", " ") end
print()

section "control"
for i = 3, 1, -1 do io.write(i, " ") end
for x = 0, 1, 0.25 do io.write(x, " ") end
for i = math.maxinteger - 1, math.maxinteger do io.write(i, " ") end
print()
do
  local i = 1
  ::again::
  if i <= 3 then
    io.write("goto ", i, "; ")
    i = i + 1
    goto again
  end
  repeat local last = i i = i - 1 until last == 2
  print(i)
end

section "work"
local function sieve(n)
  local composite, primes = {}, 0
  for i = 2, n do
    if not composite[i] then
      primes = primes + 1
      for j = i * i, n, i do composite[j] = true end
    end
  end
  return primes
end
print("primes", sieve(math.floor(200000 * scale)))
local function queens(n)
  local count, rows, up, down = 0, {}, {}, {}
  local function place(col)
    if col > n then count = count + 1 return end
    for row = 1, n do
      if not rows[row] and not up[row + col] and not down[row - col] then
        rows[row], up[row + col], down[row - col] = true, true, true
        place(col + 1)
        rows[row], up[row + col], down[row - col] = nil, nil, nil
      end
    end
  end
  place(1)
  return count
end
print("queens", queens(scale >= 1 and 8 or 6))
local function mandelbrot(size)
  local inside = 0
  for py = 0, size - 1 do
    for px = 0, size - 1 do
      local cr, ci, zr, zi = px / size * 3 - 2, py / size * 2 - 1, 0.0, 0.0
      local n = 0
      while n < 50 and zr * zr + zi * zi < 4 do zr, zi, n = zr * zr - zi * zi + cr, 2 * zr * zi + ci, n + 1 end
      if n == 50 then inside = inside + 1 end
    end
  end
  return inside
end
print("mandelbrot", mandelbrot(math.floor(100 * scale ^ 0.5)))
local pieces = {}
for i = 1, math.floor(20000 * scale) do pieces[#pieces + 1] = ("%d:%s"):format(i, ("x"):rep(i % 7)) end
local joined = table.concat(pieces, ",")
local hash = 0
for i = 1, #joined do hash = (hash * 31 + joined:byte(i)) & 0xffffffff end
print("string hash", #joined, hash)
local weak = setmetatable({}, { __mode = "k" })
local finalized = 0
for _ = 1, math.floor(5000 * scale) do
  weak[{}] = true
  setmetatable({}, { __gc = function() finalized = finalized + 1 end })
end
collectgarbage()
collectgarbage()
check("weak keys are gone", next(weak), nil)
check("finalizers ran", finalized, math.floor(5000 * scale))

print(("%d checks, %d failures"):format(checks, failures))
if failures > 0 then os.exit(1) end
error("the last line is an error on purpose", 0)
