/* What the program, the library and the plug-in of linking.c share. */
#pragma once
extern int shared_counter;          /* the program's own copy where it is not position-independent */
extern _Thread_local int shared_tls;
int shared_add(int value);
int (*shared_function(void))(int);  /* the library's idea of the address of shared_add */
const char *shared_name(void);
int program_square(int value);      /* defined by the program */
int shared_calls_program(int value);
int shared_weak(void);              /* weak in the library, overridden by the program */
int shared_asks_weak(void);
