# rustc: a program with generics, traits, threads, channels and panics, without and with optimisation; a library; errors.
cat >main.rs <<'END'
use std::collections::{BTreeMap, HashMap};
use std::sync::{mpsc, Arc, Mutex};
use std::thread;

trait Shape { fn area(&self) -> f64; fn name(&self) -> String { "shape".into() } }
struct Square(f64);
struct Circle(f64);
impl Shape for Square { fn area(&self) -> f64 { self.0 * self.0 } fn name(&self) -> String { "square".into() } }
impl Shape for Circle { fn area(&self) -> f64 { 3.0 * self.0 * self.0 } }

fn gcd<T: Copy + PartialEq + std::ops::Rem<Output = T> + Default>(a: T, b: T) -> T {
    if b == T::default() { a } else { gcd(b, a % b) }
}

fn main() {
    let shapes: Vec<Box<dyn Shape>> = vec![Box::new(Square(2.0)), Box::new(Circle(1.5))];
    for shape in &shapes { println!("{} {:.2}", shape.name(), shape.area()); }
    println!("{} {}", gcd(48u64, 36), gcd(-17i32, 5));
    let total = Arc::new(Mutex::new(BTreeMap::new()));
    let threads: Vec<_> = (0..8).map(|t| { let total = total.clone(); thread::spawn(move || for i in 0..1000 { *total.lock().unwrap().entry(i % 5).or_insert(0) += t * i; }) }).collect();
    for t in threads { t.join().unwrap(); }
    println!("{:?}", total.lock().unwrap());
    let (send, receive) = mpsc::channel();
    for n in 0..4 { let send = send.clone(); thread::spawn(move || send.send((1..=n * 1000u64).fold(0u64, |a, b| a ^ b.wrapping_mul(2654435761))).unwrap()); }
    drop(send);
    println!("{:x}", receive.iter().fold(0, |a, b| a ^ b));
    let mut words: HashMap<&str, usize> = HashMap::new();
    for w in "the quick the lazy the dog".split(' ') { *words.entry(w).or_default() += 1; }
    let mut sorted: Vec<_> = words.into_iter().collect(); sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    println!("{:?} {:?}", sorted, "1,2,x".split(',').map(|s| s.parse::<i32>()).collect::<Vec<_>>());
    println!("{:?}", std::panic::catch_unwind(|| { let v = vec![1, 2, 3]; v[std::env::args().count() + 5] }).is_err());
    println!("{:?}", std::process::Command::new("echo").arg("child").output().map(|o| String::from_utf8(o.stdout)));
    std::process::exit(if u8::MAX.checked_add(1).is_none() { 5 } else { 0 });
}
END
rustc -C linker=gcc --edition 2021 main.rs && ./main; echo "debug $?"; rustc -C linker=gcc --edition 2021 -C opt-level=3 -C codegen-units=4 main.rs -o fast && ./fast 2>/dev/null; echo "release $?"
printf 'pub fn twice(x: i32) -> i32 { x * 2 }\n#[test] fn two() { assert_eq!(twice(2), 4) }\n#[test] #[should_panic] fn bad() { assert_eq!(twice(2), 5) }\n' >lib.rs; rustc -C linker=gcc --crate-type rlib --crate-name lib lib.rs && ls ./*.rlib; rustc -C linker=gcc --test lib.rs -o tests && ./tests --test-threads=1 | sed 's/finished in .*//'
printf 'fn main() { let s = String::new(); let t = s; println!("{}", s); }\n' >bad.rs; rustc bad.rs; echo "bad $?"; rm -f main.rs main fast lib.rs ./*.rlib tests bad.rs
