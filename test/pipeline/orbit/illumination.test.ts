import fc from "fast-check";
import { expect, it } from "vitest";
import { eclipsesIn, limbViewInto, visibleShare } from "../../../pipeline/orbit/eclipse.ts";
import { ephemerisOf, stateInto } from "../../../pipeline/orbit/ephemeris.ts";
import { IlluminationWalk } from "../../../pipeline/orbit/illumination.ts";
import { temeToEcef } from "../../../pipeline/orbit/reference-frame.ts";
import { propagate } from "../../../pipeline/orbit/propagator.ts";
import type { RevolutionsPerDay } from "../../../pipeline/orbit/satellite.ts";
import { sunDirectionEcef, sunDistance } from "../../../pipeline/orbit/sun.ts";
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

it("the share of each cell is the mean of what can be seen in it, in low orbit and in a geostationary one", () => {
  const high = {
    ...lowOrbit(0, 0),
    elements: { ...lowOrbit().elements, meanMotion: 1.0027 as RevolutionsPerDay },
  };
  const equinox = instant(1_790_035_200); // 2026-09-22
  for (const [satellite, from, cells] of [
    [lowOrbit(97.5, 10), start, 1200],
    [{ ...high, epoch: equinox }, equinox, 8640],
  ] as const) {
    const ephemeris = ephemerisOf(satellite, from, later(from, seconds(cells * 10)));
    const walk = new IlluminationWalk(ephemeris, from, seconds(10), cells);
    const state = new Float64Array(6);
    const view = { height: 0, sun: 0, earth: 0 };
    let [worst, partial] = [0, 0];
    for (let cell = 0; cell < cells; cell++) {
      walk.advance();
      let mean = 0;
      for (let look = 0; look < 20; look++) {
        const t = cell * 10 + (look + 0.5) / 2;
        stateInto(ephemeris, t, state);
        const [x, y, z] = sunDirectionEcef(later(from, seconds(t)));
        const far = sunDistance(later(from, seconds(t)));
        limbViewInto(state[0]!, state[1]!, state[2]!, x * far, y * far, z * far, view);
        mean += visibleShare(view) / 20;
      }
      worst = Math.max(worst, Math.abs(walk.share - mean));
      if (mean > 0.01 && mean < 0.99) partial++;
    }
    expect(worst).toBeLessThan(0.003);
    expect(partial).toBeGreaterThan(3);
  }
});

it("flux, height of the Sun and view of the Earth are those of the date and the place", () => {
  const satellite = lowOrbit(97.5, 40);
  const ephemeris = ephemerisOf(satellite, start, end);
  const walk = new IlluminationWalk(ephemeris, start, seconds(10), 600);
  for (let cell = 0; cell < 600; cell++) {
    walk.advance();
    const middle = instant(start + cell * 10 + 5);
    const place = temeToEcef(propagate(satellite, middle).position, middle);
    const sun = sunDirectionEcef(middle);
    const up = place.map((one) => one / Math.hypot(...place));
    const cosine = up[0]! * sun[0] + up[1]! * sun[1] + up[2]! * sun[2];
    expect(Math.abs(walk.overhead - Math.max(0, cosine))).toBeLessThan(cosine < 0.02 ? 0.003 : 1e-4);
    const radius = Math.hypot(...propagate(satellite, middle).position);
    expect(walk.earthView).toBeCloseTo((1 - Math.sqrt(1 - (6_378_137 / radius) ** 2)) / 2, 5);
  }
  // On 12 August the Earth is 1.0133 astronomical units out.
  expect(walk.flux).toBeCloseTo(1361 / 1.0133 ** 2, -1);
  expect(walk.flux).toBeGreaterThan(1323);
  expect(walk.flux).toBeLessThan(1328);
});
