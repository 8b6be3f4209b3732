/**
 * How often the symbols of a table come, in 2¹² parts: what the entropy coders of both versions share.
 */
export const frequencyBits = 12;
/** The sum of all frequencies of a table: 4,096. */
export const frequencyTotal = 1 << frequencyBits;

/** Whole frequencies that sum to `frequencyTotal`, none of them 0 where the count is not. At least one count is above 0. */
export const normaliseFrequencies = (counts: ArrayLike<number>): Uint16Array => {
  let total = 0;
  for (let s = 0; s < counts.length; s++) total += counts[s]!;
  const frequencies = new Uint16Array(counts.length);
  let left = frequencyTotal;
  let largest = 0;
  for (let s = 0; s < counts.length; s++) {
    if (counts[s] === 0) continue;
    const f = Math.max(1, Math.floor((counts[s]! * frequencyTotal) / total));
    frequencies[s] = f;
    left -= f;
    if (f > frequencies[largest]!) largest = s;
  }
  // Rounding down leaves a rest, the floor of 1 may overdraw: the commonest symbols bear both.
  while (left < 0) {
    let s = 0;
    for (let c = 1; c < counts.length; c++) if (frequencies[c]! > frequencies[s]!) s = c;
    frequencies[s] = frequencies[s]! - 1;
    left++;
  }
  if (left > 0) frequencies[largest] = frequencies[largest]! + left;
  return frequencies;
};

/** Where each symbol's slots begin. */
export const startsOf = (frequencies: Uint16Array): Uint16Array => {
  const starts = new Uint16Array(frequencies.length);
  let sum = 0;
  for (let s = 0; s < frequencies.length; s++) {
    starts[s] = sum;
    sum += frequencies[s]!;
  }
  return starts;
};
