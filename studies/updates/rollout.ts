/** Waves at most. */
export const mostWaves = 16;

/**
 * Those who follow a canary, wave by wave: each wave is about twice as large as the one before, in the order of the list, so that little has changed by the time
 * that something turns out to be wrong. Every follower is in one wave; no wave is empty.
 */
export const wavesOf = (followers: readonly string[], waves: number): readonly (readonly string[])[] => {
  const parts = 2 ** waves - 1;
  const endOf = (wave: number): number => Math.round((followers.length * (2 ** wave - 1)) / parts);
  return Array.from({ length: waves }, (_, wave) => followers.slice(endOf(wave), endOf(wave + 1))).filter(
    ({ length }) => length > 0,
  );
};
