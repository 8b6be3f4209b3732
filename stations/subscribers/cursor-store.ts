import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { replaceFile } from "./replace-file.ts";

const cursorSchema = z.object({
  schema: z.literal("swath-cursor/1"),
  name: z.string(),
  /** The journal that it counts in. */
  journal: z.string(),
  /** Number of the last detection that its client has dealt with. */
  after: z.int().nonnegative(),
  /** The run that it was made for; `null`: all. */
  run: z.string().nullable(),
});

/** How far a client has come, kept for it under a name. */
export type NamedCursor = z.infer<typeof cursorSchema>;

/** Cursors in a folder, a file each. What a call returned from outlives the process. */
export interface CursorStore {
  readonly all: () => readonly NamedCursor[];
  /** `null` for one that is not there. */
  get(name: string): NamedCursor | null;
  put(cursor: NamedCursor): void;
  remove(name: string): boolean;
}

/** Names of cursors and of subscriptions: they are names of files too. Throws `SwathError("config")`. */
export const requireName = (name: string, what: string): string => {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) return name;
  throw new SwathError("config", {
    what,
    wanted: "1 to 64 letters, digits, - and _, the first no sign",
    got: `"${name.slice(0, 80)}"`,
    field: what,
  });
};

const readCursor = (file: string): NamedCursor => {
  try {
    return cursorSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new SwathError("storage", {
      what: `${file} is no cursor`,
      got: cause instanceof z.ZodError ? "another layout" : messageOf(cause),
      hint: "remove it: its client then starts anew",
      cause,
    });
  }
};

/** Opens the cursors of a folder. One that cannot be read is told to `note` and left out. Throws `SwathError("storage")`. */
export const openCursors = (folder: string, note: (text: string) => void): CursorStore => {
  const known = new Map<string, NamedCursor>();
  const fileOf = (name: string): string => join(folder, `${name}.json`);
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw new SwathError("storage", {
        what: `cannot keep cursors in ${folder}`,
        got: messageOf(cause),
        cause,
      });
    }
  };
  guarded(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  for (const name of guarded(() => readdirSync(folder)).filter((one) => one.endsWith(".json"))) {
    try {
      const cursor = readCursor(join(folder, name));
      known.set(cursor.name, cursor);
    } catch (error) {
      if (!(error instanceof SwathError)) throw error;
      note(`left out: ${error.message}`);
    }
  }
  return {
    all: () => [...known.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    get: (name) => known.get(name) ?? null,
    put(cursor) {
      guarded(() => replaceFile(fileOf(cursor.name), JSON.stringify(cursor)));
      known.set(cursor.name, cursor);
    },
    remove(name) {
      if (!known.has(name)) return false;
      guarded(() => rmSync(fileOf(name), { force: true }));
      return known.delete(name);
    },
  };
};
