# Ways out of the region with debts settle them in cold code; the straight line goes on without paying.
# optimize: all | no-region
# translated: 10808 1081c
  addw a0, a0, a1                       # 00b5053b
  fadd.d fa0, fa0, fa1                  # 02b57553
  bltz a2, .+0x800                      # 000640e3
  addw a0, a0, a2                       # 00c5053b
  fadd.d fa0, fa0, fa2                  # 02c57553
  fadd.s fa1, fa1, fa1                  # 00b5f5d3
  beqz a3, .+0x804                      # 000682e3
  ret                                   # 00008067
