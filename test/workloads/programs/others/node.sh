# Node: the JIT compilers, WebAssembly, workers, child processes, an HTTP server and clients, streams, crypto, zlib, timers.
cat >main.mjs <<'END'
import { spawn, execFileSync } from 'node:child_process'
import { createHash, createHmac, generateKeyPairSync, sign, verify, scryptSync } from 'node:crypto'
import { createServer, get } from 'node:http'
import { gzipSync, gunzipSync, brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { promises as fs, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
const collatz = limit => { let best = 0, at = 0; for (let i = 1; i < limit; i++) { let n = i, c = 0; while (n !== 1) { n = n % 2 ? 3 * n + 1 : n / 2; c++ } if (c > best) { best = c; at = i } } return [at, best] }
if (!isMainThread) { parentPort.postMessage(collatz(workerData)); Atomics.add(new Int32Array(process.env.NONE ? null : workerData.shared ?? new SharedArrayBuffer(4)), 0, 1) } else {
  console.log(collatz(200000), [...Array(25).keys()].map(n => (function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) })(n)).join(' '))
  const wasm = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11]))); let s = 0; for (let i = 0; i < 100000; i++) s = wasm.exports.add(s, i); console.log('wasm', s)
  console.log(await Promise.all([20000, 30000, 40000].map(n => new Promise((resolve, reject) => new Worker(new URL(import.meta.url), { workerData: n }).on('message', resolve).on('error', reject)))))
  console.log(execFileSync('sh', ['-c', 'echo child; exit 0']).toString().trim(), await new Promise(r => { const c = spawn('tr', ['a-z', 'A-Z']); let t = ''; c.stdout.on('data', d => (t += d)); c.on('close', code => r(t + code)); c.stdin.end('piped ') }), await new Promise(r => spawn('sh', ['-c', 'kill -9 $$']).on('exit', (c, sig) => r(sig))))
  const noise = readFileSync('noise.bin'); console.log(createHash('sha512').update(noise).digest('hex').slice(0, 32), createHmac('md5', 'k').update(noise).digest('base64'), scryptSync('p', 's', 16).toString('hex'), gunzipSync(gzipSync(noise)).equals(noise), brotliDecompressSync(brotliCompressSync(noise.subarray(0, 100000), { params: { 1: 4 } })).length)
  const { publicKey, privateKey } = generateKeyPairSync('ed25519'); console.log(verify(null, Buffer.from('x'), publicKey, sign(null, Buffer.from('x'), privateKey)))
  const server = createServer((q, r) => { let n = 0; q.on('data', d => (n += d.length)).on('end', () => r.end(JSON.stringify({ url: q.url, n }))) }); await new Promise(r => server.listen(0, '127.0.0.1', r)); const { port } = server.address(); const fetched = await Promise.all([...Array(20).keys()].map(async i => (await fetch(`http://127.0.0.1:${port}/${i}`, { method: 'POST', body: 'x'.repeat(i * 1000) })).json())); console.log(fetched.reduce((a, b) => a + b.n, 0), fetched[7].url); server.closeAllConnections(); server.close()
  await fs.mkdir('d'); await Promise.all([...Array(30).keys()].map(i => fs.writeFile(`d/${i}`, String(i)))); console.log((await fs.readdir('d')).length, (await Promise.all((await fs.readdir('d')).map(f => fs.readFile(`d/${f}`, 'utf8')))).reduce((a, b) => a + +b, 0)); await fs.rm('d', { recursive: true })
  const order = []; setImmediate(() => order.push('immediate')); process.nextTick(() => order.push('tick')); queueMicrotask(() => order.push('micro')); await sleep(30); console.log(order.join(), new Intl.NumberFormat('de').format(1234567.891), new Date(0).toLocaleDateString('en-GB', { timeZone: 'UTC' }), 'İ'.toLocaleLowerCase('tr'), 2n ** 200n, /(?<=\$)(?<n>\d+)/u.exec('a$42').groups.n, structuredClone(new Map([[1, { a: [2] }]])))
  process.on('SIGUSR2', () => console.log('signal')); process.kill(process.pid, 'SIGUSR2'); await sleep(50); process.on('exit', c => console.log('exit', c)); let big = []; for (let i = 0; i < 300; i++) { big.push(new Array(10000).fill(i)); if (i % 10 === 0) big = [] } console.log(new Function('x', 'return x.map(y => y * 2)')([1, 2])); try { null.x } catch (e) { console.log(e.message) } (function f(n) { try { f(n + 1) } catch (e) { if (n === 0) console.log(e instanceof RangeError) ; else throw e } })(0); process.exitCode = 7
}
END
node main.mjs; echo "status $?"; node --jitless -e 'console.log([1,2,3].map(x => x ** 2))'; node -p 'process.versions.node.split(".")[0] > 18 && process.platform'; echo 'console.log(require("path").join("a", "..", "b")); process.stdin.on("data", d => process.stdout.write(d))' >r.cjs; echo piped | node r.cjs; node -e 'throw new Error("thrown")' 2>&1 | grep -c thrown; node --test 2>&1 | grep -c pass; rm -f main.mjs r.cjs
