import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ephemerisOf } from "../../../pipeline/orbit/ephemeris.ts";
import { searchPasses } from "../../../planning/contacts/pass.ts";
import { newPassTable, passValue } from "../../../planning/contacts/pass-table.ts";
import { watchFrom } from "../../../planning/contacts/visibility.ts";
import { later, seconds } from "../../../pipeline/units.ts";
import { coteCases, coteStart, type CoteCase } from "../../bench/cote-cases.ts";

type Totals = readonly (readonly [windows: number, steps: number])[];

/** Made by test/golden/orbit/cote-windows.py: every step looked at, as cote does. */
interface Golden {
  readonly satellites: Totals;
  readonly stations: Totals;
  readonly pairs: readonly {
    readonly satellite: number;
    readonly station: number;
    readonly windows: readonly (readonly [first: number, last: number])[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../golden/orbit/cote-windows.json", import.meta.url), "utf8"),
) as readonly [Golden, Golden];

/** First and last step of every pass, by satellite and station; passes that fall between two steps left out. */
const windowsOf = ({ satellites, stations, step }: CoteCase) => {
  const to = later(coteStart, seconds(24 * 3600));
  const watches = stations.map(watchFrom);
  return satellites.map((satellite) => {
    const ephemeris = ephemerisOf(satellite, coteStart, to);
    return watches.map((watch) => {
      const table = newPassTable(32);
      searchPasses(ephemeris, watch, 0, 0, table);
      return Array.from({ length: table.count }, (_, row) => {
        const first = (passValue(table, row, "aos") - coteStart) / step;
        const last = (passValue(table, row, "los") - coteStart) / step;
        return { first, last, count: Math.floor(last) - Math.ceil(first) + 1 };
      }).filter(({ count }) => count > 0);
    });
  });
};

describe.each([
  ["50 × 10 at 1 s", coteCases[0]!, golden[0]],
  ["250 × 100 at 10 s", coteCases[1]!, golden[1]],
])("windows of cote's case %s over a day", (_, one, expected) => {
  const windows = windowsOf(one);

  test("are as many for every satellite and station as looks at every step find, and as long", () => {
    const worst = { windows: 0, steps: 0 };
    let all = 0;
    const compare = (own: ReturnType<typeof windowsOf>[number], [count, steps]: Totals[number]): void => {
      const flat = own.flat();
      worst.windows = Math.max(worst.windows, Math.abs(flat.length - count));
      const sum = flat.reduce((total, window) => total + window.count, 0);
      worst.steps = Math.max(worst.steps, Math.abs(sum - steps) / count);
    };
    for (const [index, total] of expected.satellites.entries()) {
      compare(windows[index]!, total);
      all += total[0];
    }
    for (const [index, total] of expected.stations.entries())
      compare(
        windows.map((own) => own[index]!),
        total,
      );
    console.log(
      `${all} windows; of a satellite or station ${worst.windows} at most too many or few, ${worst.steps.toFixed(4)} steps a window`,
    );
    expect(worst.windows).toBe(0);
    // An edge within some milliseconds of a step falls to either side of it.
    expect(worst.steps).toBeLessThan(0.02);
  });

  test("begin and end between the same steps, in the pairs that are listed in full", () => {
    let compared = 0;
    const edge = 0.005 / one.step; // five milliseconds
    for (const { satellite, station, windows: looked } of expected.pairs) {
      const ours = windows[satellite]![station]!;
      expect(ours.length).toBe(looked.length);
      for (const [index, [first, last]] of looked.entries()) {
        compared++;
        const early = first - ours[index]!.first;
        const late = ours[index]!.last - last;
        expect(early > -edge && early < 1 + edge, `rises ${early} steps before ${first}`).toBe(true);
        expect(late > -edge && late < 1 + edge, `sets ${late} steps after ${last}`).toBe(true);
      }
    }
    expect(compared).toBeGreaterThan(150);
  });
});
