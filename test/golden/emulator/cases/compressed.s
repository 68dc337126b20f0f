# Compressed instructions, and a jump into the middle of one of four bytes: c.nop in the upper half of a lui.
  .option rvc
  c.addi sp, -16                        # 1141
  c.sdsp ra, 8(sp)                      # e406
  beqz a0, .+6                          # 00050363
  lui zero, 16                          # 00010037
  c.ldsp ra, 8(sp)                      # 60a2
  c.addi sp, 16                         # 0141
  c.jr ra                               # 8082
