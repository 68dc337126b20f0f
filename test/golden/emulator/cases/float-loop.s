# A dot product: what the sum owes is paid once, behind the loop. One side of the branch in it loads the sum.
1:
  fld fa1, 0(a0)                        # 00053587
  fld fa2, 0(a1)                        # 0005b607
  fmadd.d fa0, fa1, fa2, fa0            # 52c5f543
  addi a0, a0, 8                        # 00850513
  addi a1, a1, 8                        # 00858593
  bne a0, a2, 1b                        # fec516e3
  fadd.d fa3, fa0, fa1                  # 02b576d3
  beqz a3, 2f                           # 00068463
  fld fa3, 0(a2)                        # 00063687
2:
  fadd.d fa0, fa3, fa0                  # 02a6f553
  ret                                   # 00008067
