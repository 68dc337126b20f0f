def twice(x): x * 2;
