# System calls come back; ebreak and what is no instruction do not; fence.i goes on through the dispatch table.
  addiw a0, a0, 1                       # 0015051b
  ecall                                 # 00000073
  bltz a0, 1f                           # 00054863
  fence.i                               # 0000100f
  fence rw, rw                          # 0330000f
  ebreak                                # 00100073
1:
  unimp                                 # c0001073
