import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const files = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.tsx"],
  {
    encoding: "utf8",
  },
)
  .split("\n")
  .filter((path) => path !== "" && !path.startsWith("test/") && !path.endsWith(".d.ts"));

/** A declaration that is exported where it stands. Lists (`export { … } from`) repeat what is documented at its origin. */
const declaration =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum|namespace)\s+(\w+)/;

/** Whether a doc comment ends right above line `at`. Later signatures of an overloaded function share the comment of the first. */
const isDocumented = (lines: readonly string[], at: number): boolean =>
  lines[at - 1]?.trim().endsWith("*/") === true &&
  lines
    .slice(0, at)
    .findLast((line) => line.trim().startsWith("/*"))
    ?.trim()
    .startsWith("/**") === true;

/** Exports of a file that have no doc comment, as `path:line name`. */
const undocumented = (path: string, text: string): readonly string[] => {
  const lines = text.split("\n");
  const documented = new Set<string>();
  return lines.flatMap((line, at) => {
    const name = declaration.exec(line)?.[1];
    if (name === undefined || documented.has(name)) return [];
    if (!isDocumented(lines, at)) return [`${path}:${at + 1} ${name}`];
    documented.add(name);
    return [];
  });
};

it("finds exports without a doc comment, and takes a plain comment for none", () => {
  const text = [
    "/** Counted. */",
    "export const a = 1;",
    "export const b = 2;",
    "// Not a doc comment.",
    "export function c(): void;",
    "/* Nor this. */",
    "export type D = string;",
    "/**",
    " * Two lines.",
    " */",
    "export async function e(x: string): Promise<void>;",
    "export async function e(x: number): Promise<void>;",
  ].join("\n");
  expect(undocumented("x.ts", text)).toEqual(["x.ts:3 b", "x.ts:5 c", "x.ts:7 D"]);
});

it("has a doc comment on every export", () => {
  expect(files.length).toBeGreaterThan(0);
  expect(files.flatMap((path) => undocumented(path, readFileSync(path, "utf8")))).toEqual([]);
});
