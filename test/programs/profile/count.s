# 1000 rounds; every second one calls `even`. The test knows how often each instruction is executed.
even:
  addi a1, a1, 1
  jalr zero, 0(ra)

  .globl _start
_start:
  addi s1, zero, 1000
  addi a0, zero, 0
loop:
  addi a0, a0, 1
  andi t0, a0, 1
  bne t0, zero, odd
called:
  jal ra, even
odd:
  addi s1, s1, -1
  bne s1, zero, loop
done:
  addi a0, zero, 0
  addi a7, zero, 93
  ecall
never:
  jal zero, never
