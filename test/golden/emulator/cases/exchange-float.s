# The same of floating-point registers: the debts of an exchanged one are paid before it goes back.
1:
  fld ft8, 0(a0)                        # 00053e07
  fmul.d ft9, ft9, ft8                  # 13cefed3
  fadd.d ft10, ft10, ft9                # 03df7f53
  addi a0, a0, 8                        # 00850513
  bltu a0, a1, 1b                       # feb568e3
  ret                                   # 00008067
