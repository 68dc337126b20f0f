# Comparisons that the flags have the result of: of sums (the carry), of differences, of results that are 0 or 1.
# optimize: all | no-flags
  add a0, a0, a1                        # 00b50533
  ld a2, 0(a3)                          # 0006b603
  sltu a4, a0, a1                       # 00b53733
  add t1, t1, a0                        # 00a30333
  sltu t2, t1, a0                       # 00a333b3
  add a2, a2, a2                        # 00c60633
  sltu a5, a2, a2                       # 00c637b3
  mulhu a5, a4, t2                      # 027737b3
  sub a4, a0, a1                        # 40b50733
  sltu a6, a0, a1                       # 00b53833
  bltu a0, a1, 1f                       # 04b56063
  mulhu a2, a0, a1                      # 02b53633
  add a0, a0, a5                        # 00f50533
  mv a6, a5                             # 00078813
  bgeu a0, a5, 1f                       # 02f57863
  sltu a5, a0, a1                       # 00b537b3
  sd a5, 0(a3)                          # 00f6b023
  bnez a5, 1f                           # 02079263
  flt.d a5, fa0, fa1                    # a2b517d3
  beqz a5, 1f                           # 00078e63
  flt.d a5, fa1, fa0                    # a2a597d3
  xori a5, a5, 1                        # 0017c793
  beqz a5, 1f                           # 00078863
  amoswap.w zero, a5, (a3)              # 08f6a02f
  amoswap.d.rl zero, a5, (a3)           # 0af6b02f
  amoswap.w.aq zero, a5, (a3)           # 0cf6a02f
1:
  ret                                   # 00008067
