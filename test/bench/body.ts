import { openBody } from "../../operators/platform/body.ts";
import { ephemerisOf } from "../../pipeline/orbit/ephemeris.ts";
import { later, seconds, watts } from "../../pipeline/units.ts";
import { lowOrbit, plainSpacecraft, start } from "../operators/platform/spacecraft.ts";

/**
 * A day of power and heat for this number of satellites, with contacts and an hour of computing each.
 * `node dist/test/bench/body.js 2800`
 */
const count = Number(process.argv[2] ?? 280);
const end = later(start, seconds(86_400));
let [orbits, bodies] = [0, 0];
for (let i = 0; i < count; i++) {
  const began = performance.now();
  const ephemeris = ephemerisOf(lowOrbit(53, (i * 137.5) % 360, (i * 71) % 360), start, end);
  const middle = performance.now();
  const body = openBody(plainSpacecraft, ephemeris, start, end);
  for (let contact = 0; contact < 40; contact++) {
    const aos = later(start, seconds(contact * 2100 + i));
    body.draw("contact", aos, later(aos, seconds(420)), watts(4));
    body.draw("transmit", aos, later(aos, seconds(400)), watts(12));
  }
  for (let cell = 0; cell < 8640; cell += 24) {
    const at = later(start, seconds(cell * 10));
    body.draw("compute", at, later(at, seconds(10)), watts(10 * body.speedIn(cell)));
  }
  body.close();
  orbits += middle - began;
  bodies += performance.now() - middle;
}
const perCell = (bodies / count / 8640) * 1e6;
console.log(
  `${count} satellites × 24 h: orbits ${(orbits / 1000).toFixed(2)} s, bodies ${(bodies / 1000).toFixed(2)} s, ${perCell.toFixed(0)} ns a cell`,
);
