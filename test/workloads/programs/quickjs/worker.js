import * as os from 'os'
const parent = os.Worker.parent
parent.onmessage = e => {
  if (e.data.type === 'stop') { parent.onmessage = null; return }
  let sum = 0
  for (let n = e.data.from; n < e.data.from + 20000; n++) { let x = n, steps = 0; while (x !== 1) { x = x % 2 ? 3 * x + 1 : x / 2; steps++ } sum += steps }
  if (e.data.shared) Atomics.store(new Int32Array(e.data.shared), 0, sum)
  parent.postMessage({ type: 'result', sum })
}
parent.postMessage({ type: 'ready' })
