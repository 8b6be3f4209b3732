import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";

const folders = [
  "pipeline",
  "datasets",
  "models",
  "operators",
  "measure",
  "planning",
  "stations",
  "studies",
  "cli",
  "web",
  "test",
];
/** Left may not import right. Those before `raster` are files at the root of `pipeline/`. */
const rooms = [
  "units",
  "errors",
  "package",
  "seeded",
  "streams",
  "spool",
  "raster",
  "detection",
  "orbit",
  "product",
  "link",
  "bus",
  "meter",
];

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => folders.includes(path.split("/")[0] ?? ""));

/** Relative imports of a file, types included, as paths from the root. */
const importsOf = (path: string): string[] => {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map((match) =>
    posix.normalize(posix.join(posix.dirname(path), match[1] ?? "")),
  );
};

const folderOf = (path: string): string => path.split("/")[0] ?? "";
const roomOf = (path: string): string => (path.split("/")[1] ?? "").replace(/\.ts$/, "");
const edges = files.flatMap((from) => importsOf(from).map((to) => ({ from, to })));

describe("the house", () => {
  it("has files to look at", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(edges.length).toBeGreaterThan(20);
  });

  it("imports form a star round pipeline/", () => {
    const wrong = edges.filter(({ from, to }) => {
      const [a, b] = [folderOf(from), folderOf(to)];
      if (a === b || b === "pipeline") return false;
      return !(a === "cli" || a === "test") || b === "test";
    });
    expect(wrong).toEqual([]);
  });

  it("rooms of pipeline/ import only rooms to their left", () => {
    const inside = edges.filter(
      ({ from, to }) => folderOf(from) === "pipeline" && folderOf(to) === "pipeline",
    );
    for (const { from } of inside) expect(rooms, from).toContain(roomOf(from));
    const wrong = inside.filter(({ from, to }) => rooms.indexOf(roomOf(to)) > rooms.indexOf(roomOf(from)));
    expect(wrong).toEqual([]);
  });

  it("has no cycles", () => {
    const next = new Map<string, string[]>();
    for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
    const done = new Set<string>();
    const walk = (path: string, trail: readonly string[]): string[] | null => {
      if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
      if (done.has(path)) return null;
      for (const to of next.get(path) ?? []) {
        const cycle = walk(to, [...trail, path]);
        if (cycle) return cycle;
      }
      done.add(path);
      return null;
    };
    for (const path of files) expect(walk(path, []), `cycle through ${path}`).toBeNull();
  });

  it("keeps every file to 250 lines", () => {
    const long = files
      .map((path) => ({ path, lines: readFileSync(path, "utf8").split("\n").length - 1 }))
      .filter(({ lines }) => lines > 250);
    expect(long).toEqual([]);
  });

  it("names files by what they hold", () => {
    const vague = files.filter((path) => /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.ts$)/.test(path));
    expect(vague).toEqual([]);
    expect(files.filter((path) => !/^[a-z0-9./-]+$/.test(path))).toEqual([]);
  });
});
