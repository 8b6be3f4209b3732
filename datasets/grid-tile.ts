/** A letter and a number that stand alone in a name: `A1`, `b03`. */
const square = /(?<![A-Za-z0-9])([A-Za-z])(\d{1,2})(?![A-Za-z0-9])/g;

/** The name with each square in turn left open, and the letter that stood there. */
const openings = (name: string): readonly { readonly open: string; readonly letter: string }[] =>
  [...name.matchAll(square)].map((match) => ({
    open: `${name.slice(0, match.index)}?${name.slice(match.index + match[0].length)}`,
    letter: (match[1] ?? "").toUpperCase(),
  }));

/**
 * The names that are squares of a grid, like those of a chessboard: `site_B1.png` beside `site_A1.png` is a tile, not a band. A name counts where
 * another one differs from it in a square with another letter than B alone. Names of one folder, without extension.
 */
export const gridTiles = (names: readonly string[]): ReadonlySet<string> => {
  const lettersOf = new Map<string, Set<string>>();
  for (const { open, letter } of names.flatMap(openings)) {
    lettersOf.set(open, (lettersOf.get(open) ?? new Set()).add(letter));
  }
  const isTile = (name: string): boolean =>
    openings(name).some(({ open, letter }) => letter === "B" && (lettersOf.get(open)?.size ?? 0) > 1);
  return new Set(names.filter(isTile));
};
