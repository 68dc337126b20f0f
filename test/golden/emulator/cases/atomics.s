# Atomic operations are locked instructions, or loops of a compare-exchange.
1:
  lr.w a0, (a1)                         # 1005a52f
  addi a2, a0, 1                        # 00150613
  sc.w a3, a2, (a1)                     # 18c5a6af
  bnez a3, 1b                           # fe069ae3
  amoadd.d a4, a5, (a1)                 # 00f5b72f
  amoswap.w.aqrl zero, a5, (t3)         # 0efe202f
  amomax.d a4, a4, (a1)                 # a0e5b72f
  ret                                   # 00008067
