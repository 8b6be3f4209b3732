import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";

/** Rooms, and the rooms that each may import besides itself and `pipeline/`. `test/` may import all. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  pipeline: [],
  datasets: [],
  models: [],
  planning: [],
  operators: [],
  stations: [],
  measure: [],
  studies: ["datasets", "models", "planning", "operators", "stations", "measure"],
  cli: ["studies"],
  console: ["measure"],
};

/**
 * Sub-rooms of a room: each may import itself and those in earlier rows; `.` stands for the files at the
 * root of the room. A room that is not listed has no order inside.
 */
const order: Readonly<Record<string, readonly (readonly string[])[]>> = {
  pipeline: [
    ["."],
    ["raster"],
    ["detection"],
    ["orbit"],
    ["product"],
    ["link/budget", "link/frames"],
    ["link/security"],
    ["link/rate", "link/transfer"],
    ["orders"],
    ["mission"],
    ["keys"],
    ["tenancy"],
    ["bus"],
  ],
  models: [["runtimes"], ["heads"], ["card"], ["inference"], ["."], ["updates"]],
  planning: [["orbits"], ["contacts", "crosslinks"], ["."], ["looks"], ["cues"]],
  operators: [
    ["presets", "platform", "tenancy"],
    ["radiation"],
    ["orders"],
    ["updates", "cues"],
    ["flight"],
    ["mesh", "policies"],
    ["onboard", "simulation"],
  ],
  stations: [["archive", "receive"], ["subscribers"], ["centre", "gateway"]],
  measure: [
    ["."],
    ["summary"],
    ["quality", "verdicts"],
    ["run", "check"],
    ["fleet"],
    ["report/drawing"],
    ["report/run", "report/fleet", "report/check", "report/dataset"],
    ["report"],
  ],
  console: [["state"], ["look"], ["map", "time"], ["reading"], ["page"], ["panels"], ["."]],
};

const files = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.tsx"],
  {
    encoding: "utf8",
  },
)
  .split("\n")
  .filter((path) => [...Object.keys(rooms), "test"].includes(path.split("/")[0] ?? ""));

/** Relative imports of a file, types included, as paths from the root. */
const importsOf = (path: string): string[] => {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map((match) =>
    posix.normalize(posix.join(posix.dirname(path), match[1] ?? "")),
  );
};

const roomOf = (path: string): string => path.split("/")[0] ?? "";
const edges = files.flatMap((from) => importsOf(from).map((to) => ({ from, to })));
const texts = (found: readonly { readonly from: string; readonly to: string }[]): readonly string[] =>
  found.map(({ from, to }) => `${from} -> ${to}`).sort();

/** The row of `order` that a file belongs to: the longest sub-room that its folder begins with. */
const rowOf = (path: string): number => {
  const rows = order[roomOf(path)] ?? [];
  const folder = posix.dirname(path).split("/").slice(1).join("/");
  const holds = (name: string): boolean =>
    name === "." ? folder === "" : folder === name || folder.startsWith(`${name}/`);
  const named = rows.flatMap((names, row) => names.filter(holds).map((name) => ({ name, row })));
  return named.sort((a, b) => b.name.length - a.name.length)[0]?.row ?? -1;
};

/** Sub-rooms of one row know nothing of each other. */
const neighbours = (from: string, to: string): boolean => {
  const names = (order[roomOf(from)] ?? [])[rowOf(from)] ?? [];
  const nameOf = (path: string): string =>
    names.find((name) => name !== "." && path.startsWith(`${roomOf(path)}/${name}/`)) ?? ".";
  return nameOf(from) !== nameOf(to);
};

describe("the house", () => {
  it("has files to look at", () => {
    expect(files.length).toBeGreaterThan(400);
    expect(edges.length).toBeGreaterThan(1500);
  });

  it("imports cross walls only where a room may", () => {
    const wrong = edges.filter(({ from, to }) => {
      const [a, b] = [roomOf(from), roomOf(to)];
      if (a === b || a === "test" || b === "pipeline") return false;
      return !(rooms[a] ?? []).includes(b);
    });
    expect(texts(wrong)).toEqual([]);
  });

  it("the console sees of the referee what a summary holds, and no more", () => {
    const wrong = edges.filter(
      ({ from, to }) =>
        roomOf(from) === "console" && roomOf(to) === "measure" && !to.startsWith("measure/summary/"),
    );
    expect(texts(wrong)).toEqual([]);
  });

  it("sub-rooms import only those before them", () => {
    const inside = edges.filter(({ from, to }) => roomOf(from) === roomOf(to) && roomOf(from) in order);
    const homeless = inside.filter(({ from }) => rowOf(from) < 0);
    expect(texts(homeless)).toEqual([]);
    const wrong = inside.filter(({ from, to }) => {
      const [a, b] = [rowOf(from), rowOf(to)];
      return b > a || (a === b && neighbours(from, to));
    });
    expect(texts(wrong)).toEqual([]);
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
    const cycles = files.map((path) => walk(path, [])).filter((cycle) => cycle !== null);
    expect(cycles).toEqual([]);
  });

  it("keeps every file to 350 lines", () => {
    const long = files
      .map((path) => ({ path, lines: readFileSync(path, "utf8").split("\n").length - 1 }))
      .filter(({ lines }) => lines > 350);
    expect(long).toEqual([]);
  });

  it("names files by what they hold", () => {
    const vague = files.filter((path) => /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.tsx?$)/.test(path));
    expect(vague).toEqual([]);
    expect(files.filter((path) => !/^[a-z0-9./-]+$/.test(path))).toEqual([]);
  });
});
