// What the programs of all features include: the attributes that choose the side of a function.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST __attribute__((noinline, annotate("ferry.offload")))
#define GUEST __attribute__((noinline, annotate("ferry.guest")))
