# Zfa.
  fli.d fa0, 1.0                        # f2180553
  fli.s fs0, nan                        # f01f8453
  fminm.d fa1, fa0, fa2                 # 2ac525d3
  fmaxm.s fa1, fs0, fa3                 # 28d435d3
  fround.d fa2, fa1                     # 4245f653
  froundnx.s fa3, fs0, rtz              # 405416d3
  fround.d fa2, fa1, rmm                # 4245c653
  fltq.d a0, fa0, fa1                   # a2b55553
  fleq.s t0, fs0, fa3                   # a0d442d3
  fcvtmod.w.d a1, fa0, rtz              # c28515d3
  ret                                   # 00008067
