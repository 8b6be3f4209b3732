/** A binary heap of nodes by key, then by number, on arrays that grow; a node may stand in it several times. */
export interface NodeQueue {
  readonly clear: () => void;
  readonly push: (key: number, node: number) => void;
  /** The node with the least key, which `lastKey` then gives; −1 when there is none. */
  readonly pop: () => number;
  readonly lastKey: () => number;
}

/** An empty queue: a binary heap in typed arrays, which grows by doubling. */
export const nodeQueue = (): NodeQueue => {
  let keys = new Float64Array(256);
  let nodes = new Int32Array(256);
  let size = 0;
  let popped = 0;
  const grow = (): void => {
    const [oldKeys, oldNodes] = [keys, nodes];
    keys = new Float64Array(size * 2);
    nodes = new Int32Array(size * 2);
    keys.set(oldKeys);
    nodes.set(oldNodes);
  };
  /** Whether (key, node) comes before entry `at`. */
  const before = (key: number, node: number, at: number): boolean => {
    const other = keys[at] as number;
    return key < other || (key === other && node < (nodes[at] as number));
  };
  return {
    clear() {
      size = 0;
    },
    push(key, node) {
      if (size === keys.length) grow();
      let at = size++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!before(key, node, parent)) break;
        keys[at] = keys[parent] as number;
        nodes[at] = nodes[parent] as number;
        at = parent;
      }
      keys[at] = key;
      nodes[at] = node;
    },
    pop() {
      if (size === 0) return -1;
      const top = nodes[0] as number;
      popped = keys[0] as number;
      const key = keys[--size] as number;
      const node = nodes[size] as number;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && before(keys[child + 1] as number, nodes[child + 1] as number, child)) child++;
        if (before(key, node, child)) break;
        keys[at] = keys[child] as number;
        nodes[at] = nodes[child] as number;
        at = child;
      }
      keys[at] = key;
      nodes[at] = node;
      return top;
    },
    lastKey: () => popped,
  };
};
