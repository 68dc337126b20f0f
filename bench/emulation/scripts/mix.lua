-- What interpreters are used for, in equal parts: numbers, tables, closures, strings, objects. Argument: repetitions.
local repetitions = tonumber(arg[1]) or 1
local state = 1
local function random(bound)
  state = (state * 1103515245 + 12345) % 2147483648
  return state // 65536 % bound
end

local function sieve(limit)
  local composite, count = {}, 0
  for i = 2, limit do
    if not composite[i] then
      count = count + 1
      for j = i * i, limit, i do composite[j] = true end
    end
  end
  return count
end

local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end

local function mandelbrot(side)
  local inside = 0
  for y = 0, side - 1 do
    for x = 0, side - 1 do
      local cr, ci, r, i = x * 3 / side - 2, y * 2 / side - 1, 0.0, 0.0
      local n = 0
      while n < 50 and r * r + i * i < 4 do r, i, n = r * r - i * i + cr, 2 * r * i + ci, n + 1 end
      if n == 50 then inside = inside + 1 end
    end
  end
  return inside
end

local function words(count)
  local parts, counts = {}, {}
  for i = 1, count do parts[i] = string.char(97 + random(26), 97 + random(4), 97 + random(3)) end
  for word in table.concat(parts, ' '):gmatch('%a+') do counts[word] = (counts[word] or 0) + 1 end
  local list = {}
  for word, n in pairs(counts) do list[#list + 1] = string.format('%05d %s', n, word) end
  table.sort(list, function(a, b) return a > b end)
  return list[1] .. #list
end

local Account = {}
Account.__index = Account
function Account.new() return setmetatable({balance = 0, log = {}}, Account) end
function Account:post(amount)
  self.balance = self.balance + amount
  self.log[#self.log % 100 + 1] = amount
end
local function accounts(count)
  local all, sum = {}, 0
  for i = 1, 50 do all[i] = Account.new() end
  for i = 1, count do all[1 + random(50)]:post(random(100) - 50) end
  for _, account in ipairs(all) do sum = sum * 31 % 1000003 + account.balance end
  return sum
end

local function compose(depth)
  local f = function(x) return x + 1 end
  for _ = 1, depth do
    local g = f
    f = function(x) return g(x) ~ 5 end
  end
  local sum = 0
  for i = 1, 500 do sum = sum + f(i) end
  return sum
end

for _ = 1, repetitions do
  print(sieve(20000), fib(19), mandelbrot(28), words(4000), accounts(20000), compose(20))
end
