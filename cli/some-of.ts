const most = 12;

/** Names for a message: all of them, or the first twelve where there are more. */
export const someOf = (names: readonly string[]): string =>
  `${names.slice(0, most).join(", ")}${names.length > most ? ", …" : ""}`;
