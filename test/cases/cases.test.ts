import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { casesFolder, tryCases } from "./case-table.ts";
import { everyCaseIsRight } from "./registry.ts";

const isThere = existsSync(casesFolder);
const why = isThere ? "" : " (skipped: ../shared/cases is not there)";

describe.skipIf(!isThere)(`inputs that were once answered wrongly${why}`, () => {
  it("are answered rightly, or refused by name", { timeout: 300_000 }, async () => {
    const rows = await tryCases();
    const named = (wanted: readonly string[]): readonly string[] =>
      rows.filter(({ verdict }) => wanted.includes(verdict)).map(({ of, ours }) => `${of}: ${ours}`);
    const [wrong, unchecked] = [named(["wrong", "not there"]), named(["no check"])];
    expect(rows.length).toBeGreaterThan(0);
    if (everyCaseIsRight) expect({ wrong, unchecked }).toEqual({ wrong: [], unchecked: [] });
    else console.info(`wrong:\n${wrong.join("\n")}\nwithout a check:\n${unchecked.join("\n")}`);
  });
});
