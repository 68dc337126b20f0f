# Zba: the same addresses as those of fused base instructions.
# optimize: all | no-reduce,no-address
  sh3add a5, a4, a3                     # 20d767b3
  sh1add t0, a0, t0                     # 205522b3
  add.uw a1, a2, a3                     # 08d605bb
  sh2add.uw s4, s5, a0                  # 20aaca3b
  zext.w a0, a0                         # 0805053b
  slli.uw a1, a0, 40                    # 0a85159b
  sh3add a2, a1, a2                     # 20c5e633
  ld a2, 8(a2)                          # 00863603
  sh2add.uw a3, a1, a3                  # 20d5c6bb
  lw a3, -4(a3)                         # ffc6a683
  ret                                   # 00008067
