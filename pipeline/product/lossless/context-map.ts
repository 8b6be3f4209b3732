/**
 * Which activity levels share one table of frequencies. Every table has to be sent, so levels that look alike, or that
 * hold too few samples to pay for their own, are joined with a neighbour: many tables for a large tile, one for a chip.
 */

/** About what `writeFrequencies` takes for a symbol, in bits. */
const bitsPerEntry = 11;

const costOf = (counts: Uint32Array): number => {
  let total = 0;
  let cost = 0;
  for (const count of counts) {
    if (count === 0) continue;
    total += count;
    cost += bitsPerEntry - count * Math.log2(count);
  }
  return total === 0 ? 0 : cost + total * Math.log2(total);
};

/** A run of levels that ends before level `end`, and what was counted in it. */
export interface LevelGroup {
  readonly end: number;
  readonly counts: Uint32Array;
}

/**
 * Joins neighbouring levels as long as that saves bits. `counts[level][token]`, how often a token occurred at a level.
 * The groups cover all levels, in order.
 */
export const groupLevels = (counts: readonly Uint32Array[]): readonly LevelGroup[] => {
  const groups = counts.map((own, level) => ({ end: level + 1, counts: own, cost: costOf(own) }));
  const join = (a: Uint32Array, b: Uint32Array) => a.map((count, token) => count + (b[token] ?? 0));
  const gainAt = (g: number) => {
    const [a, b] = [groups[g], groups[g + 1]];
    return a && b ? a.cost + b.cost - costOf(join(a.counts, b.counts)) : -Infinity;
  };
  const gains = groups.map((_, g) => gainAt(g));
  for (;;) {
    let best = 0;
    for (let g = 1; g < groups.length - 1; g++) if (gains[g]! > gains[best]!) best = g;
    const [a, b] = [groups[best], groups[best + 1]];
    // Empty levels cost nothing and are joined all the same.
    if (!a || !b || gains[best]! < 0) return groups;
    const joined = join(a.counts, b.counts);
    groups.splice(best, 2, { end: b.end, counts: joined, cost: costOf(joined) });
    gains.splice(best, 2, gainAt(best));
    if (best > 0) gains[best - 1] = gainAt(best - 1);
  }
};
