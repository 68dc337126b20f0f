# An indirect jump goes through the dispatch table; a branch out of the region pays its debts in cold code, then is chained.
# optimize: all | no-jump | no-chain,no-jump
# translated: 10804
  addiw a0, a0, 1                       # 0015051b
  beqz a1, .+0x800                      # 000580e3
  jalr zero, 4(a5)                      # 00478067
