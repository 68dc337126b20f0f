# Singles are boxed, and their boxes checked, only where needed.
# optimize: all | no-nan
  fadd.s fa0, fa0, fa1                  # 00b57553
  fmul.s fa0, fa0, fa0                  # 10a57553
  fsw fa0, 0(a0)                        # 00a52027
  fsd fa0, 8(a0)                        # 00a53427
  flw fa1, 4(a0)                        # 00452587
  fcvt.d.s fa2, fa1                     # 42058653
  fcvt.s.w fa3, a1                      # d005f6d3
  ret                                   # 00008067
