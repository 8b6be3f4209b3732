import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as swath from "../../index.ts";

/** What `import … from "swath"` gives: a name that comes or goes is a decision, and stands in the changelog. */
test("the surface of the library", () => {
  expect(Object.keys(swath).sort()).toMatchInlineSnapshot(`
    [
      "SwathError",
      "accuracyLine",
      "bitsPerSecond",
      "bytes",
      "checkModel",
      "compare",
      "decibels",
      "decibelsPerKelvin",
      "degrees",
      "degreesPerSecond",
      "degreesPerSecondSquared",
      "delayText",
      "deliveredProducts",
      "diagnoses",
      "drawnText",
      "elapsed",
      "fleetHeadline",
      "fleetSubline",
      "flightName",
      "formatInstant",
      "foundOnBoard",
      "gramsPerCubicMetre",
      "hasNothing",
      "headline",
      "hertz",
      "inspectModel",
      "instant",
      "isJudgedApart",
      "isSwathError",
      "joules",
      "joulesPerKelvin",
      "kelvin",
      "largestDutyText",
      "later",
      "leadingDelays",
      "leadingPolicy",
      "loadTestWarning",
      "metres",
      "millimetres",
      "millimetresPerHour",
      "nothingToCompare",
      "openDataset",
      "openModel",
      "parseInstant",
      "planContacts",
      "productsFraction",
      "radians",
      "rawDayBytes",
      "referenceText",
      "replay",
      "resolveConstellation",
      "resolveStations",
      "scheduleText",
      "seconds",
      "sentFraction",
      "sentFractionOf",
      "sharedBenefitText",
      "sharedWorkText",
      "simulate",
      "sizeEdgesPx",
      "sizeName",
      "softwareText",
      "spacecraftText",
      "squareMetres",
      "stringifyFleetSummary",
      "stringifySummary",
      "subline",
      "subscribe",
      "thinCurve",
      "tilingVerdict",
      "toDegrees",
      "toRadians",
      "trainingText",
      "usedColumns",
      "verdictCell",
      "verdictSentence",
      "version",
      "watts",
      "wattsPerKelvin",
      "writeRun",
    ]
  `);
});

test("index.ts re-exports and does nothing else", () => {
  const statements = readFileSync("index.ts", "utf8")
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
  for (const statement of statements) expect(statement).toMatch(/^export [\s\S]+ from "\.\//);
});
