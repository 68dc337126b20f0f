# Comparisons: of narrow values in 32 bits, with constants, with registers in memory, with zero.
  lw a0, 0(a2)                          # 00062503
  lw a1, 4(a2)                          # 00462583
  beq a0, a1, 1f                        # 02b50063
  bne a0, a2, 1f                        # 00c51e63
  li a3, 1000                           # 3e800693
  bltu a4, a3, 1f                       # 00d76a63
  bge s4, a5, 1f                        # 00fa5863
  blt zero, s5, 1f                      # 01504663
  slti a5, a5, 3                        # 0037a793
  snez a4, a4                           # 00e03733
1:
  ret                                   # 00008067
