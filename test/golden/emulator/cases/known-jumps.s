# auipc and jalr are one call, or one jump.
# optimize: all | no-targets
  auipc ra, 16                          # 00010097
  jalr ra, 8(ra)                        # 008080e7
  auipc t1, 32                          # 00020317
  jalr zero, -4(t1)                     # ffc30067
