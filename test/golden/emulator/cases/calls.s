# Calls push the guest return address and use the host's call; the returns of the callees come back to entries.
# optimize: all | no-ras | no-chain | no-ras,no-jump
  addi sp, sp, -16                      # ff010113
  sd ra, 8(sp)                          # 00113423
  jal ra, .+0x10000                     # 000100ef
  jalr ra, 0(a5)                        # 000780e7
  ld ra, 8(sp)                          # 00813083
  addi sp, sp, 16                       # 01010113
  ret                                   # 00008067
