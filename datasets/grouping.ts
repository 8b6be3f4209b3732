/** Items by key, in the order in which keys first appear (`Map.groupBy`, which Node 20 lacks). */
export const groupBy = <T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, readonly T[]> => {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
};
