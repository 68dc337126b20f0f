# What is left to the interpreter, and conversions that go there when they overflow.
  fadd.d fa0, fa0, fa1, rtz             # 02b51553
  fcvt.l.d a0, fa0, rtz                 # c2251553
  fcvt.wu.s a1, fa1, rtz                # c01595d3
  csrrs a2, fflags, zero                # 00102673
  csrrwi zero, frm, 4                   # 00225073
  fclass.d a3, fa0                      # e20516d3
  ret                                   # 00008067
