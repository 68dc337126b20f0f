# An unsigned index, scaled and added, becomes the address of a load; what a fault must restore stands beside it.
# optimize: all | no-address | no-crossing
  slli t1, a1, 32                       # 02059313
  srli t1, t1, 30                       # 01e35313
  add t1, t1, a2                        # 00c30333
  lw t1, 8(t1)                          # 00832303
  slli a3, a4, 3                        # 00371693
  add a3, a3, a5                        # 00f686b3
  ld a3, -8(a3)                         # ff86b683
  add a0, t1, a3                        # 00d30533
  ret                                   # 00008067
