# NaNs of results are made canonical where bits can be seen: at a store of bits, a move, and where the region is left.
# optimize: all | no-nan
  fmul.d fa0, fa0, fa1                  # 12b57553
  fadd.d fa0, fa0, fa2                  # 02c57553
  fsd fa0, 0(a0)                        # 00a53027
  fsub.d fa3, fa0, fa1                  # 0ab576d3
  fmv.x.d a1, fa3                       # e20685d3
  fadd.d ft8, fa0, fa0                  # 02a57e53
  ret                                   # 00008067
