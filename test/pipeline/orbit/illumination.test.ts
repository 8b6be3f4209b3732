import fc from "fast-check";
import { expect, it } from "vitest";
import { eclipsesIn } from "../../../pipeline/orbit/eclipse.ts";
import { ephemerisOf } from "../../../pipeline/orbit/ephemeris.ts";
import { IlluminationWalk } from "../../../pipeline/orbit/illumination.ts";
import { propagate, subPoint } from "../../../pipeline/orbit/propagator.ts";
import { sunElevation } from "../../../pipeline/orbit/sun.ts";
import { instant, later, seconds } from "../../../pipeline/units.ts";
import { lowOrbit, start } from "../../operators/platform/spacecraft.ts";

const end = later(start, seconds(43_200));

it("the cells of the walk miss as much sunlight as the eclipses take", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 110, noNaN: true }),
      fc.double({ min: 0, max: 360, noNaN: true }),
      (inclination, node) => {
        const ephemeris = ephemerisOf(lowOrbit(inclination, node), start, end);
        const eclipses = eclipsesIn(ephemeris, start, end);
        const walk = new IlluminationWalk(ephemeris, start, seconds(10), 4320);
        let missed = 0;
        let outside = false;
        for (let cell = 0; cell < 4320; cell++) {
          walk.advance();
          outside ||= walk.share < 0 || walk.share > 1;
          missed += (1 - walk.share) * 10;
        }
        expect(outside).toBe(false);
        // Half of a penumbra's light is missed, nearly.
        const expected = eclipses.reduce(
          (sum, one) =>
            sum + ((one.umbraExit ?? 0) - (one.umbraEntry ?? 0) + one.penumbraExit - one.penumbraEntry) / 2,
          0,
        );
        const grazing = eclipses.filter(({ umbraEntry }) => umbraEntry === null).length;
        expect(Math.abs(missed - expected)).toBeLessThan(0.3 * eclipses.length + 200 * grazing + 0.01);
      },
    ),
    { numRuns: 20 },
  );
});

it("flux, height of the Sun and view of the Earth are those of the date and the place", () => {
  const satellite = lowOrbit(97.5, 40);
  const ephemeris = ephemerisOf(satellite, start, end);
  const walk = new IlluminationWalk(ephemeris, start, seconds(10), 600);
  for (let cell = 0; cell < 600; cell++) {
    walk.advance();
    const middle = instant(start + cell * 10 + 5);
    const { longitude, latitude } = subPoint(satellite, middle);
    const sine = Math.max(0, Math.sin((sunElevation(longitude, latitude, middle) * Math.PI) / 180));
    // The zenith of the ellipsoid and the direction from the Earth's centre are up to 0.2° apart.
    expect(Math.abs(walk.overhead - sine)).toBeLessThan(0.006);
    const radius = Math.hypot(...propagate(satellite, middle).position);
    expect(walk.earthView).toBeCloseTo((1 - Math.sqrt(1 - (6_378_137 / radius) ** 2)) / 2, 5);
  }
  // On 12 August the Earth is 1.0133 astronomical units out.
  expect(walk.flux).toBeCloseTo(1361 / 1.0133 ** 2, -1);
  expect(walk.flux).toBeGreaterThan(1323);
  expect(walk.flux).toBeLessThan(1328);
});
