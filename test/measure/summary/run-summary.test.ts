import { expect, test } from "vitest";
import { parseSummary, runSummarySchema, stringifySummary } from "../../../measure/summary/run-summary.ts";
import { expectDocumented } from "../../schema-fields.ts";
import { summary } from "../report/fixture.ts";
import { policySummary } from "../report/policy-fixture.ts";

test("the same summary is the same text, whatever the order of keys and the noise of sums", () => {
  const turned = Object.fromEntries(Object.entries(summary).toReversed()) as typeof summary;
  const [first, ...others] = summary.policies;
  const noisy = { ...first!, savingFraction: first!.savingFraction! * (1 + 1e-13) };
  expect(stringifySummary({ ...turned, policies: [noisy, ...others] })).toBe(stringifySummary(summary));
});

test("text and summary are the same, to nine digits", () => {
  const text = stringifySummary(summary);
  expect(stringifySummary(parseSummary(JSON.parse(text)))).toBe(text);
  expect(text.endsWith("}\n")).toBe(true);
});

test("ledgers that do not balance are refused, by name", () => {
  const detect = policySummary("detect");
  const missing = {
    ...detect,
    conservation: { ...detect.conservation, producedBytes: 1 + detect.conservation.producedBytes },
  };
  expect(() => parseSummary({ ...summary, policies: [missing] })).toThrow(
    /at policies\.0\.conservation.*produced 31401 bytes/,
  );
  const extra = { ...detect, bytes: { ...detect.bytes, onLink: { ...detect.bytes.onLink, idle: 0 } } };
  expect(() => parseSummary({ ...summary, policies: [extra] })).toThrow(
    /policies\.0\.bytes\.onLink.*parts sum to/,
  );
});

test("another version and unknown fields are refused", () => {
  expect(() => parseSummary({ ...summary, schema: "swath-summary/1" }, "run.json")).toThrow(
    /run\.json is no swath-summary\/2 at schema/,
  );
  expect(() => parseSummary({ ...summary, extra: 1 })).toThrow(/extra/);
});

// After a change of the schema: SWATH_REGENERATE=1 npx vitest run test/measure/summary
test("docs/summary.md lists every field as the schema describes it", () =>
  expectDocumented("summary.md", runSummarySchema, 100));
