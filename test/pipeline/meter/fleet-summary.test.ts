import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { fleetSummarySchema } from "../../../pipeline/meter/fleet-summary.ts";
import { schemaFields } from "../../schema-fields.ts";

test("docs/fleet.md lists every field as the schema describes it", () => {
  const file = new URL("../../../docs/fleet.md", import.meta.url);
  const isField = (line: string) => line.startsWith("| `");
  const wanted = schemaFields(z.toJSONSchema(fleetSummarySchema));
  if (process.env["SWATH_REGENERATE"]) {
    const prose = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .filter((line) => !isField(line));
    writeFileSync(file, `${[...prose, ...wanted].join("\n")}\n`);
  }
  expect(wanted.length).toBeGreaterThan(60);
  // After a change of the schema: SWATH_REGENERATE=1 npx vitest run test/pipeline/meter/fleet-summary.test.ts
  expect(readFileSync(file, "utf8").split("\n").filter(isField)).toEqual(wanted);
  expect(
    wanted.filter((line) => / \| *\|$/.test(line)),
    "fields without a description",
  ).toEqual([]);
});
