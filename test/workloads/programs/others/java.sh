# javac and the JVM: interpreter, both compilers, garbage collection, threads, exceptions, streams, files, processes.
J=$(echo /usr/lib/jvm/java-21-openjdk-*/bin)
cat >Main.java <<'END'
import java.math.BigInteger;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;
public class Main {
  sealed interface Expr permits Num, Add, Mul {}
  record Num(int v) implements Expr {}
  record Add(Expr l, Expr r) implements Expr {}
  record Mul(Expr l, Expr r) implements Expr {}
  static int eval(Expr e) { return switch (e) { case Num n -> n.v(); case Add(Expr l, Expr r) -> eval(l) + eval(r); case Mul(Expr l, Expr r) -> eval(l) * eval(r); }; }
  static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
  static int deep(int n) { return 1 + deep(n + 1); }
  public static void main(String[] args) throws Exception {
    System.out.println(eval(new Add(new Num(2), new Mul(new Num(3), new Num(4)))) + " " + fib(27) + " " + BigInteger.TWO.pow(521).subtract(BigInteger.ONE).isProbablePrime(20));
    Map<Integer, Long> groups = IntStream.range(0, 100000).boxed().collect(Collectors.groupingBy(i -> i % 5, TreeMap::new, Collectors.summingLong(i -> i))); System.out.println(groups);
    ExecutorService pool = Executors.newFixedThreadPool(4); List<Future<Long>> parts = new ArrayList<>();
    for (int t = 0; t < 8; t++) { int f = t; parts.add(pool.submit(() -> { long s = 0; for (int i = 0; i < 300000; i++) s += (i ^ f) % 7; return s; })); }
    long sum = 0; for (Future<Long> p : parts) sum += p.get(); pool.shutdown(); System.out.println(sum + " " + pool.awaitTermination(5, TimeUnit.SECONDS));
    List<byte[]> kept = new ArrayList<>(); for (int i = 0; i < 2000; i++) { byte[] b = new byte[100000]; if (i % 100 == 0) kept.add(b); } System.out.println(kept.size());
    try { Object o = null; o.hashCode(); } catch (NullPointerException e) { System.out.println("null pointer"); }
    try { deep(0); } catch (StackOverflowError e) { System.out.println("stack overflow"); }
    try { System.out.println(1 / (args.length - args.length)); } catch (ArithmeticException e) { System.out.println(e.getMessage()); }
    try { int[] a = new int[3]; a[args.length + 3] = 1; } catch (ArrayIndexOutOfBoundsException e) { System.out.println(e.getMessage()); }
    Path p = Path.of("java.txt"); Files.write(p, List.of("one", "two", "three")); System.out.println(Files.lines(p).mapToInt(String::length).sum()); Files.delete(p);
    Process process = new ProcessBuilder("sh", "-c", "echo from sh; exit 5").redirectErrorStream(true).start(); System.out.print(new String(process.getInputStream().readAllBytes())); System.out.println(process.waitFor());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) { var q = new ConcurrentLinkedQueue<Integer>(); for (int i = 0; i < 200; i++) { int n = i; threads.submit(() -> { Thread.sleep(5); q.add(n); return n; }); } threads.close(); System.out.println(q.stream().mapToInt(i -> i).sum()); }
    double d = 0; for (int i = 1; i < 2000000; i++) d += 1.0 / ((long) i * i); System.out.printf("%.10f %s %s%n", d, Double.toString(0.1 + 0.2), String.format("%,d|%08.3f|%x", 1234567, 3.14159, 255)); System.out.println("a-b-c".replaceAll("(\\w)-", "$1$1") + " " + "x".repeat(3) + " " + new Random(42).nextInt(1000));
    Thread hook = new Thread(() -> System.out.println("hook")); Runtime.getRuntime().addShutdownHook(hook); throw new IllegalStateException("at the end");
  }
}
END
$J/javac Main.java && $J/java -Xmx256m Main; echo "status $?"; $J/java -Xint -cp . Main 2>&1 | md5sum; $J/java -XX:+UseSerialGC -Xmx64m Main 2>/dev/null | tail -n 1; printf 'class Bad { int f() { return "x"; } }\n' >Bad.java; $J/javac Bad.java; echo "status $?"; $J/javap -c -cp . 'Main$Num' | grep -c invoke; $J/jar cf main.jar Main*.class && $J/jar tf main.jar | sort | head -n 4; echo 'System.out.println(IntStream.of(1,2,3).sum())' | $J/jshell -s - 2>/dev/null; rm -rf ./*.class *.jar *.java
