  .globl twice
  .type twice, @function
twice:
  slli a0, a0, 1
  ret
  .section .note.GNU-stack,"",@progbits
