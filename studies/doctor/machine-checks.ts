import { existsSync, readFileSync } from "node:fs";
import { access, constants, stat, statfs } from "node:fs/promises";
import { availableParallelism, totalmem, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { nativeInflate } from "../../datasets/decoding/native-inflate.ts";
import { formatBytes } from "../../pipeline/format.ts";
import { packageRoot, version } from "../../pipeline/package.ts";
import type { Check, Outcome } from "./check.ts";

/** What engines says in package.json. */
const oldestNode = (): string => {
  const text = readFileSync(join(packageRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly engines: { readonly node: string } }).engines.node.replace(
    /[^\d.]/g,
    "",
  );
};

const parts = (text: string): readonly number[] => text.split(".").map(Number);

const isOlder = (a: string, b: string): boolean => {
  const [x, y] = [parts(a), parts(b)];
  const at = [0, 1, 2].find((i) => (x[i] ?? 0) !== (y[i] ?? 0));
  return at !== undefined && (x[at] ?? 0) < (y[at] ?? 0);
};

/** The programs that are Swath itself. */
export const softwareCheck: Check = {
  name: "software",
  look: () => {
    const { node } = process.versions;
    const says = `Swath ${version} on Node.js ${node}, ${process.platform} ${process.arch}`;
    const oldest = oldestNode();
    return Promise.resolve(
      isOlder(node, oldest)
        ? { state: "fails", says, hint: `Node.js ${oldest} or newer is needed` }
        : { state: "works", says },
    );
  },
};

/** Less than this is little for scenes of 10,980 pixels a side: bytes. */
const littleMemory = 2e9;

/** What a container may take, bytes; `null` where nothing limits it. */
const memoryLimit = (): number | null => {
  for (const file of ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]) {
    if (!existsSync(file)) continue;
    const limit = Number(readFileSync(file, "utf8").trim());
    // Version 1 writes "no limit" as a number near 2⁶³.
    if (Number.isFinite(limit) && limit < 2 ** 60) return limit;
  }
  return null;
};

/** Memory and processors. */
export const memoryCheck: Check = {
  name: "memory",
  look: () => {
    const limit = memoryLimit();
    const bytes = Math.min(limit ?? Infinity, totalmem());
    const cores = availableParallelism();
    const says = `${formatBytes(bytes)}${limit === bytes ? ", the limit of this container" : ""}; ${cores} ${cores === 1 ? "core" : "cores"}`;
    const outcome: Outcome =
      bytes < littleMemory
        ? { state: "doubtful", says, hint: "large scenes want 2 GB or more" }
        : { state: "works", says };
    return Promise.resolve(outcome);
  },
};

/** A run opens some dozens of files, a server of our own and its streams some more. */
const fewFiles = 512;

/** How many files a process may have open. */
export const filesCheck: Check = {
  name: "open files",
  look: () => {
    const limits = "/proc/self/limits";
    if (!existsSync(limits))
      return Promise.resolve({ state: "works", says: "this system does not say how many" });
    const soft = /^Max open files\s+(\S+)/m.exec(readFileSync(limits, "utf8"))?.[1] ?? "unlimited";
    const says = soft === "unlimited" ? "no limit" : `${soft} at once`;
    return Promise.resolve(
      Number(soft) < fewFiles
        ? { state: "doubtful", says, hint: `${fewFiles} or more: ulimit -n 4096` }
        : { state: "works", says },
    );
  },
};

/** Below this a private server's streams may not find room: bytes. */
const littleRoom = 1e9;

const roomIn = async (folder: string, hint: string): Promise<Outcome> => {
  let place = resolve(folder);
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  if (!(await stat(place)).isDirectory()) return { state: "fails", says: `${place} is a file`, hint };
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  const says = `${formatBytes(free)} free in ${folder}`;
  try {
    await access(place, constants.W_OK);
  } catch {
    return { state: "fails", says: `${folder} cannot be written to`, hint };
  }
  return free < littleRoom
    ? { state: free === 0 ? "fails" : "doubtful", says, hint: `free some space, or ${hint}` }
    : { state: "works", says };
};

/** Where a private server, fetched files and waiting products lie. */
export const scratchCheck: Check = {
  name: "scratch disk",
  look: () => roomIn(tmpdir(), "point TMPDIR at another disk"),
};

/** Where results go. */
export const resultsCheck: Check = {
  name: "results disk",
  look: ({ out }) => roomIn(out, "name another folder with --out"),
};

/** What inflates deflate-compressed rasters: a library for it takes about a tenth of the CPU off. */
export const decodingCheck: Check = {
  name: "decoding",
  look: async () => {
    const native = await nativeInflate();
    return native === null
      ? {
          state: "works",
          says: "deflate by Node's zlib",
          hint: "faster with koffi and ISA-L: npm install koffi, apt-get install libisal2",
        }
      : { state: "works", says: `deflate by ${native.library}` };
  },
};
