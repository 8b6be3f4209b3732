import { expect, it } from "vitest";
import { planesOf } from "../../../console/reading/planes.ts";
import type { RevolutionsPerDay, Satellite } from "../../../pipeline/orbit/satellite.ts";
import { degrees, instant } from "../../../pipeline/units.ts";

const satellite = (node: number, place: number, inclination = 53): Satellite => ({
  id: `${node}-${place}`,
  name: `${node}-${place}`,
  catalogNumber: 1,
  epoch: instant(0),
  elements: {
    meanMotion: 15 as RevolutionsPerDay,
    eccentricity: 0,
    inclination: degrees(inclination),
    rightAscension: degrees(node),
    argumentOfPerigee: degrees(0),
    meanAnomaly: degrees(place),
    drag: 0,
  },
});

it("gives each satellite one cell: planes by their nodes, places along the orbit", () => {
  const fleet = [
    satellite(40, 200),
    satellite(0, 90),
    satellite(40, 10),
    satellite(0.3, 5),
    satellite(0, 30, 97),
  ];
  expect(planesOf(fleet)).toEqual([[3, 1], [2, 0], [4]]);
});
