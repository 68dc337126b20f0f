# Pairs that must stay apart: the intermediate value lives on, a load between may fault (then the shift is implied), the addend is the value itself.
  slli t1, a1, 48                       # 03059313
  srli a0, t1, 48                       # 03035513
  slli a2, a3, 3                        # 00369613
  ld a4, 0(a5)                          # 0007b703
  add a2, a2, a3                        # 00d60633
  slli a3, a3, 2                        # 00269693
  add a3, a3, a3                        # 00d686b3
  slliw a0, a1, 2                       # 0025951b
  addw a0, a0, a2                       # 00c5053b
  slliw t1, t2, 1                       # 0013931b
  addw t1, t1, t2                       # 0073033b
  ret                                   # 00008067
