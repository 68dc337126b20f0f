# Big integers, rationals and floats; pack and sprintf at the edges of the number formats; digests.
use strict; use warnings;
use Math::BigInt; use Math::BigFloat; use Math::BigRat;
use Digest::SHA qw(sha256_hex sha512_base64 hmac_sha256_hex); use Digest::MD5 'md5_hex'; use MIME::Base64; use POSIX ();
my $f = Math::BigInt->new(1); $f *= $_ for 1 .. 200; print "$f\n";
my ($a, $b) = (Math::BigInt->new(0), Math::BigInt->new(1)); ($a, $b) = ($b, $a + $b) for 1 .. 500; print "$a\n";
my $p = Math::BigInt->new(2)->bpow(521)->bsub(1);
print Math::BigInt->new(3)->bmodpow($p - 1, $p), ' ', Math::BigInt->new('123456789012345678901234567890')->bmodinv($p), "\n";
print Math::BigInt->new('0xffffffffffffffffffffffffffff')->bsqrt, ' ', Math::BigInt::bgcd('1234567890' x 4, '9876543210' x 3), "\n";
print Math::BigFloat->bpi(100), "\n", Math::BigFloat->new(2)->bsqrt(80), "\n", Math::BigFloat->new(10)->blog(undef, 60), "\n";
my $h = Math::BigRat->new(0); $h += Math::BigRat->new("1/$_") for 1 .. 40; print "$h\n";
printf "%.17g %.0f %e %g %a %s\n", 0.1, 2.5, 123456.789, 1e-5, 1 / 3, 9**20;
printf "%d %u %x %o %b %s\n", -1, -1, 2**53 - 1, 511, 1023, 18446744073709551615;
printf "%s %s %s\n", 9223372036854775807 + 1, -9223372036854775808 - 1, 18446744073709551615 + 1;
{ use integer; printf "%d %d %d %d\n", -7 / 2, -7 % 3, 9223372036854775807 + 1, 1 << 63 }
printf "%s %s %s %s\n", 9**9**9, -9**9**9, (9**9**9) - (9**9**9), 0 * -1;
printf "%s\n", join ',', map { sprintf '%.15g', $_ } sin(1), cos(1), atan2(1, 2), exp(1), log(10), sqrt(2), 2**0.5, POSIX::fmod(-7, 3), POSIX::tan(1.5);
printf "%s\n", join ',', map { POSIX::floor($_) . '/' . POSIX::ceil($_) . '/' . int($_) } -2.5, 2.5, 1e15 + 0.5;
my $packed = pack 'c s l q Q> N n V v d f> a5 A5 H8 w U', -5, -300, -70000, -2**40, 2**63, 1, 2, 3, 4, 1.5, -0.25, 'ab', 'cd', 'deadbeef', 300, 0x20ac;
print unpack('H*', $packed), "\n", join(',', unpack 'c s l q Q> N n V v d f>', $packed), "\n";
print unpack('%32C*', 'checksum' x 1000), ' ', unpack('%64Q*', pack 'Q*', 1 .. 1000), "\n";
open my $noise, '<:raw', 'noise.bin' or die; my $data = do { local $/; <$noise> };
print length $data, ' ', md5_hex($data), ' ', sha256_hex($data), "\n", sha512_base64($data), ' ', hmac_sha256_hex($data, 'key'), "\n";
print md5_hex(encode_base64($data)), ' ', decode_base64(encode_base64($data)) eq $data ? 'same' : 'different', "\n";
my $x = 12345; my @rolls = map { $x = ($x * 1103515245 + 12345) & 0x7fffffff; $x % 6 + 1 } 1 .. 40; print "@rolls\n";
srand 42; print join(' ', map { int rand 1000 } 1 .. 20), "\n";
