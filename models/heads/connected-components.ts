/** Pixels of one class that hang together. */
export interface Component {
  /** As in the mask. */
  readonly value: number;
  readonly pixels: number;
  /** Its first pixel in reading order, as an index into the mask. */
  readonly first: number;
  /** Of `weights` over its pixels. */
  readonly sum: number;
  /** Edges in pixels: a single pixel (3, 5) is 3, 5, 4, 6. */
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * The 8-connected components of a mask, row by row of their first pixels: neighbours, corners included, of one value
 * above 0 belong together. `mask` and `weights` are `width × height`.
 * Two passes with union–find: the first gives runs a number, the second adds up what the numbers stand for.
 */
export const connectedComponents = (
  mask: Uint8Array | Uint16Array,
  weights: Float32Array,
  width: number,
): readonly Component[] => {
  const height = mask.length / width;
  const ids = new Int32Array(mask.length);
  const parent = [0];
  const rootOf = (id: number): number => {
    let root = id;
    while (parent[root] !== root) root = parent[root] as number;
    // The trail is cut short for the next to ask.
    for (let at = id; at !== root;) {
      const next = parent[at] as number;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  const join = (a: number, b: number): number => {
    if (a === 0 || a === b) return b;
    const [low, high] = [rootOf(a), rootOf(b)].toSorted((p, q) => p - q) as [number, number];
    parent[high] = low;
    return low;
  };
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 1) {
      const value = mask[at] as number;
      if (value === 0) continue;
      let id = 0;
      if (x > 0 && mask[at - 1] === value) id = join(id, ids[at - 1] as number);
      if (y > 0) {
        const last = Math.min(width - 1, x + 1);
        for (let above = Math.max(0, x - 1); above <= last; above += 1) {
          const from = at - width + above - x;
          if (mask[from] === value) id = join(id, ids[from] as number);
        }
      }
      if (id === 0) id = parent.push(parent.length) - 1;
      ids[at] = id;
    }
  }
  return sums(mask, weights, width, ids, rootOf);
};

const sums = (
  mask: Uint8Array | Uint16Array,
  weights: Float32Array,
  width: number,
  ids: Int32Array,
  rootOf: (id: number) => number,
): readonly Component[] => {
  type Sum = { -readonly [K in keyof Component]: Component[K] };
  const found = new Map<number, Sum>();
  for (let at = 0; at < ids.length; at += 1) {
    const id = ids[at] as number;
    if (id === 0) continue;
    const root = rootOf(id);
    const y = Math.floor(at / width);
    const x = at - y * width;
    const weight = weights[at] as number;
    const one = found.get(root);
    if (one === undefined) {
      const value = mask[at] as number;
      found.set(root, { value, pixels: 1, first: at, sum: weight, x0: x, y0: y, x1: x + 1, y1: y + 1 });
      continue;
    }
    one.pixels += 1;
    one.sum += weight;
    if (x < one.x0) one.x0 = x;
    if (x >= one.x1) one.x1 = x + 1;
    one.y1 = y + 1;
  }
  return [...found.values()];
};
