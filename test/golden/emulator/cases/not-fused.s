# Pairs that must stay apart: the intermediate value lives on, a load between may fault, the addend is the value itself.
  slli t1, a1, 48                       # 03059313
  srli a0, t1, 48                       # 03035513
  slli a2, a3, 3                        # 00369613
  ld a4, 0(a5)                          # 0007b703
  add a2, a2, a3                        # 00d60633
  slli a3, a3, 2                        # 00269693
  add a3, a3, a3                        # 00d686b3
  ret                                   # 00008067
