/**
 * Identifiers that may stand in NATS subjects and in `Contact.id`: `[A-Za-z0-9_-]+`, no dots, no spaces.
 * `SENTINEL-2A` stays as it is, `FLOCK 4Y-13` becomes `FLOCK-4Y-13`, `São Paulo` becomes `Sao-Paulo`.
 * At most 64 characters. A name without one usable character becomes the empty string.
 */
const token = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .slice(0, 64)
    .replace(/^-+|-+$/g, "");

/** Something that gets an identifier: its name, and what tells it from others of the same name. */
export interface Named {
  readonly name: string;
  /** Appended where the name alone is empty or taken: a catalogue number, a position in a list. */
  readonly distinction: string;
}

/**
 * One identifier for each entry, unique, in the order given. All entries of a shared name get their distinction,
 * so that an identifier does not depend on which of them comes first. A number is appended where that does not suffice.
 */
export const identifiers = (entries: readonly Named[]): readonly string[] => {
  const times = new Map<string, number>();
  for (const { name } of entries) times.set(token(name), (times.get(token(name)) ?? 0) + 1);

  const taken = new Set<string>();
  return entries.map(({ name, distinction }) => {
    const base = token(name);
    const shared = base === "" || (times.get(base) ?? 0) > 1;
    const first = shared ? token(`${base}-${distinction}`) || "unnamed" : base;
    let id = first;
    for (let n = 2; taken.has(id); n++) id = `${first}-${n}`;
    taken.add(id);
    return id;
  });
};
