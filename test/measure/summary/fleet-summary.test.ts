import { test } from "vitest";
import { fleetSummarySchema } from "../../../measure/summary/fleet-summary.ts";
import { expectDocumented } from "../../schema-fields.ts";

// After a change of the schema: SWATH_REGENERATE=1 npx vitest run test/pipeline/meter/fleet-summary.test.ts
test("docs/fleet.md lists every field as the schema describes it", () =>
  expectDocumented("fleet.md", fleetSummarySchema, 60));
