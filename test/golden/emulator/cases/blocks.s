# Zicbom, Zicboz, and hints.
  cbo.zero (a0)                         # 0045200f
  cbo.zero (t0)                         # 0042a00f
  cbo.clean (a1)                        # 0015a00f
  cbo.flush (t1)                        # 0023200f
  prefetch.r 32(a0)                     # 02156013
  ntl.all                               # 00500033
  pause                                 # 0100000f
  ret                                   # 00008067
