/* A transportation problem with fixed charges on some routes: linear programming, then branch and bound. n: places on each side. */
param n, default 10;
set I := 1..n;
param supply{i in I} := 50 + (i * 37) mod 41;
param demand{j in I} := 40 + (j * 53) mod 31;
param cost{i in I, j in I} := 1 + (i * 7919 + j * 104729) mod 97;
var x{i in I, j in I} >= 0;
var open{i in I} binary;
minimize total: sum{i in I, j in I} cost[i, j] * x[i, j] + sum{i in I} (300 + 13 * i) * open[i];
s.t. reach{j in I}: sum{i in I} x[i, j] >= demand[j];
s.t. limit{i in I}: sum{j in I} x[i, j] <= 2 * supply[i] * open[i];
solve;
printf "%.4f %d\n", total, sum{i in I} open[i];
end;
