import { propagate } from "../pipeline/orbit/propagator.ts";
import { formatInstant, instant, type Instant } from "../pipeline/units.ts";
import type { Planned } from "./plan.ts";

/** A state this often, s; readers interpolate by Hermite polynomials of degree seven, which loses millimetres in low orbit. */
const step = 60;

/** Six decimals of kilometres: millimetres. */
const km = (value: number): string => (value / 1000).toFixed(6);

/** Times of CCSDS ASCII code A, without the zone letter that `formatInstant` ends with. */
const time = (at: Instant): string => formatInstant(at).replace(/Z$/, "");

/**
 * Where the satellites of a plan are, as an Orbit Ephemeris Message in key–value notation (CCSDS 502.0-B-2 §5): TEME of date as SGP4
 * gives it, UTC, kilometres. `created`: when the message is written. Throws `SwathError("orbit")` when SGP4 fails.
 */
export const planToOem = ({ plan, satellites }: Planned, created: Instant): string => {
  const { from, to } = plan;
  const steps = Math.max(1, Math.ceil((to - from) / step));
  const segments = satellites.map((satellite) => {
    const lines = Array.from({ length: steps + 1 }, (_, i) => {
      const at = instant(i === steps ? to : from + i * step);
      const { position, velocity } = propagate(satellite, at);
      return `${time(at)} ${[...position, ...velocity].map(km).join(" ")}`;
    });
    return [
      "META_START",
      `OBJECT_NAME = ${satellite.name}`,
      `OBJECT_ID = ${satellite.catalogNumber > 0 ? satellite.catalogNumber : satellite.id}`,
      "CENTER_NAME = EARTH",
      "REF_FRAME = TEME",
      "TIME_SYSTEM = UTC",
      `START_TIME = ${time(from)}`,
      `STOP_TIME = ${time(to)}`,
      "INTERPOLATION = HERMITE",
      "INTERPOLATION_DEGREE = 7",
      "META_STOP",
      "",
      ...lines,
      "",
    ].join("\n");
  });
  return `CCSDS_OEM_VERS = 2.0\nCREATION_DATE = ${time(created)}\nORIGINATOR = SWATH\n\n${segments.join("\n")}`;
};
