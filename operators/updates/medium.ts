/** Where a satellite keeps models: names and bytes. A write that power cuts off leaves part of the bytes; a rename happens or does not. */
export interface Medium {
  /** `null` where nothing has that name. */
  readonly read: (name: string) => Uint8Array | null;
  readonly write: (name: string, bytes: Uint8Array) => void;
  readonly rename: (from: string, to: string) => void;
  readonly remove: (name: string) => void;
  readonly names: () => readonly string[];
}

/** A medium in memory. */
export const memoryMedium = (held: Map<string, Uint8Array> = new Map()): Medium => ({
  read: (name) => held.get(name) ?? null,
  write: (name, bytes) => void held.set(name, bytes),
  rename: (from, to) => {
    const bytes = held.get(from);
    if (bytes === undefined) throw new RangeError(`nothing is named ${from}`);
    held.delete(from);
    held.set(to, bytes);
  },
  remove: (name) => void held.delete(name),
  names: () => [...held.keys()],
});

const partial = ".partial";

/** Writes bytes whole or not at all. */
export const put = (medium: Medium, name: string, bytes: Uint8Array): void => {
  medium.write(`${name}${partial}`, bytes);
  medium.rename(`${name}${partial}`, name);
};

/** Removes what a cut-off write left. */
export const removePartials = (medium: Medium): void => {
  for (const name of medium.names()) if (name.endsWith(partial)) medium.remove(name);
};
