# Conversions to integers: modes of the host, to nearest with ties to max magnitude, unsigned ones out of range.
  fcvt.w.d a0, fa0, dyn                 # c2057553
  fcvt.w.d a1, fa0, rne                 # c20505d3
  fcvt.l.d a2, fa1, rmm                 # c225c653
  fcvt.lu.s a3, ft6, rmm                # c03346d3
  fcvt.wu.d a4, fa2, rtz                # c2161753
  ret                                   # 00008067
