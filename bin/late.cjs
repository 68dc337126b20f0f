// The translator of a program that was started without one: the executor starts it (runtime/executor/lone.c).
require('./script.cjs').load().late()
