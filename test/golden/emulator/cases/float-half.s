# Zfhmin: halves are boxed at once.
  flh fa0, 4(a0)                        # 00451507
  fcvt.s.h fa1, fa0                     # 402505d3
  fcvt.d.h fs0, fa0                     # 42250453
  fadd.s fa1, fa1, fa1                  # 00b5f5d3
  fcvt.h.s fa2, fa1                     # 4405f653
  fcvt.h.d fa3, fs0                     # 441476d3
  fcvt.h.d fa3, fs0, rtz                # 441416d3
  fcvt.h.s fa4, fa1, rmm                # 4405c753
  fsh fa2, 6(a0)                        # 00c51327
  fmv.x.h a1, fa3                       # e40685d3
  fmv.h.x fa5, a1                       # f40587d3
  ret                                   # 00008067
