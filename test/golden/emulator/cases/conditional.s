# Zicond: what the flags say already is not compared again.
# optimize: all | no-fusion
  czero.eqz a0, a1, a2                  # 0ec5d533
  czero.nez a0, a0, a2                  # 0ec57533
  czero.eqz a2, a1, a2                  # 0ec5d633
  czero.nez t0, t1, t2                  # 0e7372b3
  czero.eqz t0, zero, a0                # 0ea052b3
  andi a4, a0, 1                        # 00157713
  czero.eqz a4, a1, a4                  # 0ee5d733
  slt a5, a0, a1                        # 00b527b3
  czero.nez a2, a2, a5                  # 0ef67633
  czero.eqz a3, a3, a5                  # 0ef6d6b3
  or a2, a2, a3                         # 00d66633
  snez a4, a2                           # 00c03733
  xor a0, a1, a2                        # 00c5c533
  beqz a0, 1f                           # 00050463
  addi a0, a0, 1                        # 00150513
1:
  ret                                   # 00008067
