# Registers that the convention keeps in the CPU state: operations on memory where x86 has them.
  add s4, s4, a0                        # 00aa0a33
  addi s5, s5, 1                        # 001a8a93
  and s6, s7, s8                        # 018bfb33
  slli s9, s9, 4                        # 004c9c93
  mul t3, t4, t5                        # 03ee8e33
  addw t3, t3, a1                       # 00be0e3b
  sub a0, s4, t3                        # 41ca0533
  ret                                   # 00008067
