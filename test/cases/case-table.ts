import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { judge, type Verdict } from "./case.ts";
import { kinds, triedElsewhere } from "./registry.ts";

/** Where the cases lie, beside the project and not in it. Commands and tests start in the root of the project. */
export const casesFolder = resolve("..", "shared", "cases");

/** One line of the table. */
export interface CaseRow {
  readonly of: string;
  /** `null` where no kind has a check for it. */
  readonly kind: string | null;
  readonly right: string;
  readonly ours: string;
  readonly verdict: Verdict | "elsewhere" | "no check" | "not there";
}

/** Every case on disk: each folder or file of `imagery/`, `field/`, `hostile/`. */
const listCases = (): readonly string[] =>
  readdirSync(casesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(casesFolder, name)).map((inside) => `${name}/${inside}`))
    .sort();

/** Tries every case, one after the other. A case may have several checks. Cases without a check come last, named as such. */
export const tryCases = async (): Promise<readonly CaseRow[]> => {
  const rows: CaseRow[] = [];
  for (const [kind, checks] of Object.entries(kinds)) {
    for (const check of checks) {
      const path = join(casesFolder, check.of);
      const { ours, verdict } = existsSync(path)
        ? await judge(check, path)
        : { ours: "", verdict: "not there" as const };
      rows.push({ of: check.of, kind, right: check.right, ours, verdict });
    }
  }
  const checked = new Set(rows.map(({ of }) => of));
  const unchecked = listCases().filter((of) => !checked.has(of));
  return [
    ...rows,
    ...unchecked.map((of): CaseRow => {
      const where = triedElsewhere[of];
      const verdict = where === undefined ? "no check" : "elsewhere";
      return { of, kind: null, right: "", ours: where ?? "", verdict };
    }),
  ];
};
