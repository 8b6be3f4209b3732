import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { casesFolder, tryCases } from "./case-table.ts";

const isThere = existsSync(casesFolder);
const why = isThere ? "" : " (skipped: ../shared/cases is not there)";

describe.skipIf(!isThere)(`inputs that were once answered wrongly${why}`, () => {
  it("are answered rightly, or refused by name", { timeout: 900_000 }, async () => {
    const rows = await tryCases();
    const named = (wanted: readonly string[]): readonly string[] =>
      rows.filter(({ verdict }) => wanted.includes(verdict)).map(({ of, ours }) => `${of}: ${ours}`);
    const [wrong, unchecked] = [named(["wrong", "not there"]), named(["no check"])];
    expect(rows.length).toBeGreaterThan(0);
    expect({ wrong, unchecked }).toEqual({ wrong: [], unchecked: [] });
  });
});
