# The loop indexes with the counter, so that it is extended at each round; the other sum stays lazy across the side exit.
1:
  addiw a1, a1, 1                       # 0015859b
  addw a4, a4, a1                       # 00b7073b
  add a5, a2, a1                        # 00b607b3
  lbu a3, 0(a5)                         # 0007c683
  beqz a3, 2f                           # 00068863
  bltu a5, a0, 1b                       # fea7e6e3
  mv a0, a4                             # 00070513
  ret                                   # 00008067
2:
  sd a4, 0(a2)                          # 00e63023
  ret                                   # 00008067
