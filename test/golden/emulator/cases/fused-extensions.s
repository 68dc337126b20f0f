# Pairs of shifts are extensions.
# optimize: all | no-fusion
  slli a0, a1, 32                       # 02059513
  srli a0, a0, 32                       # 02055513
  slli a2, a2, 48                       # 03061613
  srli a2, a2, 48                       # 03065613
  slli a3, a3, 56                       # 03869693
  srai a3, a3, 56                       # 4386d693
  slli t1, a4, 32                       # 02071313
  srli t1, t1, 40                       # 02835313
  slli a5, a5, 1                        # 00179793
  add a5, a5, a0                        # 00a787b3
  ret                                   # 00008067
