# A quiet comparison as compilers write it: the flags are restored where an operand is a NaN; and what looks like it but is not.
  fadd.d fs6, fa0, fa1                  # 02b57b53
  frflags a4                            # 00102773
  flt.d a5, fa0, fa1                    # a2b517d3
  fsflags a4                            # 00171073
  bnez a5, 1f                           # 00079e63
  frflags t3                            # 00102e73
  fle.d a5, fa0, fs6                    # a36507d3
  fsflags t3                            # 001e1073
  frflags a4                            # 00102773
  flt.d a4, fa0, fa1                    # a2b51753
  fsflags a4                            # 00171073
1:
  fsflags a4                            # 00171073
  ret                                   # 00008067
