import { pixelsAround, type Canvas, frameOf } from "./canvas.ts";
import { cellNoise, smoothstep } from "./noise-field.ts";
import type { Glint } from "./sea.ts";
import { type Ship, wakeRect } from "./ship.ts";
import { bandCount, spectra } from "./spectrum.ts";

/** Half the angle of the cusp line of a Kelvin wake, sin⁻¹(1/3). */
const kelvin = Math.tan(Math.asin(1 / 3));

/** Smooth noise along the wake, −1…1, so that foam comes in patches. */
const patch = (aft: number, off: number, salt: number): number => {
  const cell = Math.floor(aft / 3);
  const t = aft / 3 - cell;
  const lane = Math.round(off);
  const [a, b] = [cellNoise(cell, lane, salt), cellNoise(cell + 1, lane, salt)];
  return 2 * (a + (b - a) * t) - 1;
};

/**
 * Paints the wake of a moving ship on the water: foam that thins out behind the stern, the smooth lane that screw water
 * leaves for kilometres (no ripples, so no glint), and the two arms of the Kelvin wake.
 */
export const paintWake = (target: Canvas, glint: Glint, ship: Ship): void => {
  if (ship.speed <= 0) return;
  const knots = (ship.speed * 10) / 0.5144;
  const reach = Math.min(620, 60 + ship.length * 9 + knots * 6);
  const foamReach = ship.kind === "small" ? 5 + knots * 0.35 : ship.length * 0.5 + knots * 0.35;
  const bounds = pixelsAround(wakeRect(ship, reach), target, 4);
  const frame = frameOf({ ...ship, angle: ship.heading });
  const strength = Math.min(1, (knots / 17) ** 2);
  for (let y = bounds.y0; y < bounds.y1; y++) {
    for (let x = bounds.x0; x < bounds.x1; x++) {
      const off = frame.v(x + 0.5, y + 0.5);
      const aft = -frame.u(x + 0.5, y + 0.5) - ship.length / 2;
      if (aft < -ship.length * 0.9 || aft > reach) continue;
      const at = y * target.width + x;
      const shine = glint.values[at]!;
      const aside = Math.abs(off);
      const laneHalf = ship.width * (0.45 + 0.25 * smoothstep(0, ship.length * 4, Math.max(0, aft))) + 0.4;
      const inLane = aft > -2.5 ? 1 - smoothstep(laneHalf * 0.6, laneHalf * 1.25, aside) : 0;
      const rough = 1 + 0.7 * patch(Math.max(0, aft), off, ship.salt);
      const foam = 0.62 * strength * inLane * Math.exp(-Math.max(0, aft) / foamReach) * rough;
      const fading = Math.exp(-Math.max(0, aft) / (reach * 0.4));
      const lane = inLane * 0.8 * fading;
      const rim = aft > 0 ? Math.exp(-((aside - laneHalf * 1.4) ** 2)) * 0.003 * fading : 0;
      const fromBow = aft + ship.length;
      const arm = Math.exp(-(((aside - fromBow * kelvin * 0.62) / (0.8 + fromBow * 0.012)) ** 2));
      const crests = 0.55 + 0.45 * Math.sin(fromBow * 1.1 + aside * 0.7);
      const waves = arm * crests * strength * 0.014 * Math.exp(-fromBow / (ship.length * 2.2 + 14));
      if (foam < 1e-4 && lane < 1e-3 && rim < 1e-4 && Math.abs(waves) < 1e-4) continue;
      glint.values[at] = shine * (1 - lane);
      for (let b = 0; b < bandCount; b++) {
        const plane = target.planes[b]!;
        const tint = b === bandCount - 1 ? 0.5 : 1;
        const calmed = plane[at]! - shine * lane * tint + (rim + waves) * tint;
        plane[at] = calmed + (spectra.foam[b]! - calmed) * Math.min(0.95, Math.max(0, foam));
      }
    }
  }
};
