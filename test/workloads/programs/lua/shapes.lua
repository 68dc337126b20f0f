local M = {}
function M.area(r) return math.pi * r ^ 2 end
return M
