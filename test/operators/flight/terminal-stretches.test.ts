import { expect, it } from "vitest";
import { terminalStretches, terminalTime } from "../../../operators/flight/terminal-stretches.ts";
import { instant, metres } from "../../../pipeline/units.ts";

const link = (a: string, b: string, pointingFrom: number, to: number) => ({
  id: `${a}.${b}.0`,
  a,
  b,
  terminalA: 0,
  terminalB: 0,
  pointingFrom: instant(pointingFrom),
  from: instant(pointingFrom + 15),
  to: instant(to),
  minRange: metres(1e6),
  maxRange: metres(2e6),
});

it("terminals of both ends are on from the moment they turn to each other, by satellite and in order", () => {
  const links = [link("a", "b", 100, 400), link("a", "c", 50, 500)];
  const stretches = terminalStretches({ from: instant(0), to: instant(1000), links });
  expect([...stretches.keys()].toSorted()).toEqual(["a", "b", "c"]);
  expect(stretches.get("a")).toEqual([
    { from: 50, to: 500 },
    { from: 100, to: 400 },
  ]);
  expect(terminalTime(stretches.get("a") ?? [])).toBe(750);
  expect(terminalTime(stretches.get("b") ?? [])).toBe(300);
});
