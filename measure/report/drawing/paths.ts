/** What looks like a path from the root of a disk: of Unix, of a user's home, of Windows. Addresses on a network keep theirs. */
const folders = /(?<![\w.:/…~])(?:~?\/|[A-Za-z]:[\\/])(?:[^\s"'`<>|?*,;:/\\]+[\\/])+/g;

/** A text without the folders of anybody's machine: `/data/ships/a.tif` becomes `…/a.tif`. */
export const withoutFolders = (text: string): string => text.replace(folders, "…/");

/** Every text of a value without folders; numbers, lists and records as they are. */
export const withoutFoldersIn = <T>(value: T): T => {
  if (typeof value === "string") return withoutFolders(value) as T;
  if (Array.isArray(value)) return value.map(withoutFoldersIn) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutFoldersIn(one)])) as T;
};
