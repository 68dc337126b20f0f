/* No part of the program: the linker leaves it in the archive. */
int not_there(void);
int unused(void) { return not_there(); }
