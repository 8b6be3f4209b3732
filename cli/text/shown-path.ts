/** Where a path may begin in a message: not in the middle of another one. */
const before = String.raw`(?<![^\s"'(=,])`;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** A folder's name as paths below it start, with its separator; `null` for a root, below which everything is. */
const prefixOf = (folder: string): string | null =>
  /^(?:[a-z]:)?[\\/]*$/i.test(folder) ? null : folder.replace(/[\\/]+$/, "");

/**
 * A message with the paths in it as its reader would write them: below the working folder `here` relative to it, below `home` from `~`. What
 * is meant for machines keeps whole paths.
 */
export const shownPaths = (text: string, here: string, home: string): string => {
  const [cwd, user] = [prefixOf(here), prefixOf(home)];
  const near =
    cwd === null ? text : text.replaceAll(new RegExp(`${before}${escaped(cwd)}[\\\\/](?=[^\\s])`, "g"), "");
  return user === null ? near : near.replaceAll(new RegExp(`${before}${escaped(user)}(?=[\\\\/])`, "g"), "~");
};
