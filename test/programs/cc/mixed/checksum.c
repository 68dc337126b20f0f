long checksum(const unsigned char *data, long size) {
  long sum = 0;
  for (long i = 0; i < size; i++) sum = (sum * 31 + data[i]) % 1000003;
  return sum;
}
