# A loop over registers without a place of their own: they take those of pinned registers, at entries, exits and a fault.
# optimize: all | no-alloc
1:
  ld t3, 0(a0)                          # 00053e03
  add t4, t4, t3                        # 01ce8eb3
  xor t5, t5, t4                        # 01df4f33
  addi a0, a0, 8                        # 00850513
  bltu a0, a1, 1b                       # feb568e3
  fadd.d fa0, fa0, fa1                  # 02b57553
  ret                                   # 00008067
