# Branches over a few operations on one register: minima, sums, a register in memory, low halves.
# optimize: all | no-select
  lw a3, 0(a0)                          # 00052683
  lw a4, 4(a0)                          # 00452703
  bge a4, a3, 1f                        # 00d75463
  mv a4, a3                             # 00068713
1:
  beqz a1, 2f                           # 00058463
  addi a4, a4, 16                       # 01070713
2:
  bltu t1, t2, 3f                       # 00736463
  mv t1, t2                             # 00038313
3:
  bgeu t3, a4, 4f                       # 00ee7463
  slli t4, t3, 4                        # 004e1e93
4:
  bnez a2, 5f                           # 00061863
  xor a5, a5, a3                        # 00d7c7b3
  slli a5, a5, 48                       # 03079793
  srli a5, a5, 48                       # 0307d793
5:
  addw a4, a4, a3                       # 00d7073b
  blt a3, a5, 6f                        # 00f6c463
  subw a4, a4, a5                       # 40f7073b
6:
  sw a4, 8(a0)                          # 00e52423
  beq a3, a4, 7f                        # 00e68463
  ld a4, 0(a1)                          # 0005b703
7:
  ret                                   # 00008067
