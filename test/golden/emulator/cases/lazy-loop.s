# A loop over words: sign extensions wait until something sees them, here the return.
# optimize: all | no-lazy
  li a2, 0                              # 00000613
1:
  lw a3, 0(a0)                          # 00052683
  addw a2, a2, a3                       # 00d6063b
  mulw a2, a2, a3                       # 02d6063b
  addi a0, a0, 4                        # 00450513
  addiw a1, a1, -1                      # fff5859b
  bnez a1, 1b                           # fe0596e3
  mv a0, a2                             # 00060513
  ret                                   # 00008067
