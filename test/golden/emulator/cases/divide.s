# Division by zero and overflow have results (ISA manual §7.2), and x86 has none: both are looked for first.
  div a0, a1, a2                        # 02c5c533
  remuw a3, a4, a5                      # 02f776bb
  mulhu a2, a0, a3                      # 02d53633
  ret                                   # 00008067
