import { homedir } from "node:os";
import { join } from "node:path";

/** Where rendered datasets and what the user agreed to are kept: `$XDG_CACHE_HOME/swath` or `~/.cache/swath`. */
export const defaultCacheDir = (): string =>
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "swath");
