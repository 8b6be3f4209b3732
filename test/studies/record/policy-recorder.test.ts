import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tablesFrom } from "../../../console/state/policy-tables.ts";
import { decodeColumns } from "../../../pipeline/column-file.ts";
import type { MissionPart } from "../../../pipeline/mission/mission-head.ts";
import { instant } from "../../../pipeline/units.ts";
import type { Numbering } from "../../../studies/record/fact-rows.ts";
import { openPolicyRecorder, type PolicyParts } from "../../../studies/record/policy-recorder.ts";

const satellites = ["A", "B"];
const numbering: Numbering = {
  from: instant(1000),
  satellite: (id) => satellites.indexOf(id),
  station: () => 0,
  contact: () => 0,
};

const content = new Map<string, Uint8Array>();
const rowsIn = (parts: readonly MissionPart[]): readonly string[] => {
  const files = parts.map(({ file }) => decodeColumns(content.get(file) as Uint8Array));
  const tables = tablesFrom({ events: files, detections: [], body: [] });
  return (["products", "handovers", "landings"] as const).flatMap((name) => {
    const columns = Object.entries(tables[name].columns);
    return Array.from({ length: tables[name].rows }, (_, row) =>
      JSON.stringify([name, ...columns.map(([column, values]) => [column, values[row]])]),
    );
  });
};

/** What happens to products: made by a satellite, handed over, landed. */
const story = fc.array(
  fc.record({
    maker: fc.constantFrom(...satellites),
    made: fc.integer({ min: 0, max: 3000 }),
    handedAfter: fc.option(fc.integer({ min: 1, max: 300 }), { nil: null }),
    landedAfter: fc.option(fc.integer({ min: 1, max: 900 }), { nil: null }),
  }),
  { maxLength: 40 },
);

describe("the recorder of a policy", () => {
  it("settles, at any moment of a run, the beginning of the complete record, whatever the order in which things are told", () => {
    fc.assert(
      fc.property(
        story,
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 5, maxLength: 200 }),
        (products, steps) => {
          content.clear();
          const grown: PolicyParts[] = [];
          let closed: PolicyParts | null = null;
          const keep = (
            files: readonly { readonly path: string; readonly content: string | Uint8Array }[],
          ): void => {
            for (const { path, content: bytes } of files) {
              // What a file says never changes.
              expect(content.has(path)).toBe(false);
              content.set(path, bytes as Uint8Array);
            }
          };
          const recorder = openPolicyRecorder({
            policy: { label: "detect", name: "detect", sends: "", where: "board" },
            numbering,
            satellites,
            horizon: 6000,
            growEveryMs: 0,
            onGrown(files, parts) {
              keep(files);
              grown.push(parts);
            },
            onClosed(files, parts) {
              keep(files);
              closed = parts;
            },
          });
          const at = (t: number) => instant(1000 + t);
          const facts = products.flatMap(({ maker, made, handedAfter, landedAfter }, acquisition) => {
            const other = maker === "A" ? "B" : "A";
            const name = { acquisition, kind: "detections" as const, tile: null };
            const product = { ...name, readyAt: at(made), size: 10, value: 1, askedAt: null };
            const handed = made + (handedAfter ?? 0);
            const carrier = handedAfter === null ? maker : other;
            return [
              {
                t: made,
                tell: () =>
                  recorder.flight(maker).tell({ type: "requests", answers: [], products: [product] }),
              },
              ...(handedAfter === null
                ? []
                : [
                    {
                      t: handed,
                      tell: () =>
                        recorder.flight(maker).tell({
                          type: "handed over",
                          at: at(handed),
                          product: name,
                          bytes: 10,
                          to: other,
                          hops: [],
                        }),
                    },
                  ]),
              ...(landedAfter === null
                ? []
                : [
                    {
                      t: handed + landedAfter,
                      tell: () =>
                        recorder.flight(carrier).tell({
                          type: "landed",
                          product: name,
                          station: "gs",
                          firstSentAt: at(handed),
                          completedAt: at(handed + landedAfter),
                          atCentre: at(handed + landedAfter + 1),
                        }),
                    },
                  ]),
            ];
          });
          // Told a while before it holds, in an order that is not that of time.
          const waiting = facts.toSorted((a, b) => Math.floor(a.t / 50) - Math.floor(b.t / 50) || b.t - a.t);
          let now = 0;
          for (const step of [...steps, 6000]) {
            now += step;
            while (waiting.length > 0 && Math.floor((waiting[0]?.t ?? 0) / 50) * 50 < now)
              waiting.shift()?.tell();
            for (const satellite of satellites) recorder.flight(satellite).through(at(Math.min(now, 6000)));
          }
          recorder.close();
          const complete = rowsIn((closed as PolicyParts | null)?.events ?? []);
          expect(complete.filter((row) => row.startsWith('["products"'))).toHaveLength(products.length);
          for (const parts of grown.filter((_, n) => n % 7 === 0 || n === grown.length - 1)) {
            const known = new Set(rowsIn(parts.events));
            const due = complete.filter(
              (row) => (JSON.parse(row) as [string, [string, number]])[1][1] < parts.through_s,
            );
            expect([...known].toSorted()).toEqual(due.toSorted());
            expect(parts.events.length).toBeLessThanOrEqual(65);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
