/**
 * Strongly connected components by Tarjan's algorithm, without recursion. Components come callees first: every edge
 * between two components leads to an earlier one.
 */
export function stronglyConnected<Node>(nodes: Iterable<Node>, successors: (node: Node) => Iterable<Node>): Node[][] {
  const index = new Map<Node, number>()
  const low = new Map<Node, number>()
  const onStack = new Set<Node>()
  const stack: Node[] = []
  const components: Node[][] = []

  for (const root of nodes) {
    if (index.has(root)) continue
    const work: { node: Node; rest: Iterator<Node> }[] = []
    const open = (node: Node) => {
      index.set(node, index.size)
      low.set(node, index.get(node)!)
      stack.push(node)
      onStack.add(node)
      work.push({ node, rest: successors(node)[Symbol.iterator]() })
    }
    open(root)
    while (work.length > 0) {
      const { node, rest } = work.at(-1)!
      const step = rest.next()
      if (!step.done) {
        if (!index.has(step.value)) open(step.value)
        else if (onStack.has(step.value)) low.set(node, Math.min(low.get(node)!, index.get(step.value)!))
        continue
      }
      work.pop()
      const parent = work.at(-1)?.node
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent)!, low.get(node)!))
      if (low.get(node) === index.get(node)) components.push(close(stack, onStack, node))
    }
  }
  return components
}

function close<Node>(stack: Node[], onStack: Set<Node>, root: Node): Node[] {
  const component: Node[] = []
  for (let node = stack.pop()!; ; node = stack.pop()!) {
    onStack.delete(node)
    component.push(node)
    if (node === root) return component
  }
}
