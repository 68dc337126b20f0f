# Zbb and Zbs, in host registers and in memory.
  andn a0, a1, a2                       # 40c5f533
  andn t0, t1, a2                       # 40c372b3
  orn a0, a1, a0                        # 40a5e533
  xnor a0, a0, a1                       # 40b54533
  xnor t0, a1, t0                       # 4055c2b3
  clz a0, a0                            # 60051513
  ctzw a1, t0                           # 6012959b
  cpop t1, t2                           # 60239313
  min a0, a0, a1                        # 0ab54533
  maxu a2, a0, t0                       # 0a557633
  minu t0, t1, a1                       # 0ab352b3
  max a1, a2, zero                      # 0a0665b3
  sext.b a0, a0                         # 60451513
  zext.h t0, t0                         # 0802c2bb
  rol a0, a0, a3                        # 60d51533
  ror a0, a1, a2                        # 60c5d533
  rorw t0, t1, t2                       # 607352bb
  rori a0, a1, 13                       # 60d5d513
  roriw a1, t0, 7                       # 6072d59b
  orc.b a0, t0                          # 2872d513
  rev8 a0, a1                           # 6b85d513
  rev8 t0, t0                           # 6b82d293
  bclr a0, a1, a2                       # 48c59533
  bset a2, a1, a2                       # 28c59633
  binv t0, a0, t1                       # 686512b3
  bext a0, a1, t0                       # 4855d533
  bexti a1, a2, 33                      # 4a165593
  bseti a0, a0, 5                       # 28551513
  bseti a1, zero, 40                    # 2a801593
  bclri a0, a0, 31                      # 49f51513
  binvi t0, t0, 63                      # 6bf29293
  ret                                   # 00008067
