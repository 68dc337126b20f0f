# Chains of lui, auipc and addi are one constant; known operands are immediates, known addresses absolute.
# optimize: all | no-constants
  lui a0, 0x12345                       # 12345537
  addiw a0, a0, 0x678                   # 6785051b
  auipc a1, 1                           # 00001597
  addi a1, a1, 16                       # 01058593
  lw a2, 4(a1)                          # 0045a603
  li a3, -1                             # fff00693
  sd a3, 8(a2)                          # 00d63423
  and a4, a4, a3                        # 00d77733
  li a5, 100                            # 06400793
  sub a4, a4, a5                        # 40f70733
  blt a4, a5, 1f                        # 00f74663
  li a0, 1                              # 00100513
  slli a0, a0, 36                       # 02451513
1:
  ret                                   # 00008067
