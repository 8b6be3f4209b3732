import type { Satellite } from "../../pipeline/orbit/satellite.ts";

/** Satellites whose planes are nearer to each other share one, degrees. */
const apart = 1.5;

/** How far apart two angles are, degrees. */
const between = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180);

/**
 * Satellites by orbital plane, by their rows: planes in the order of their ascending nodes, in each the satellites in the order of their place
 * along the orbit. By elements, so that each stays in its cell for the whole run.
 */
export const planesOf = (satellites: readonly Satellite[]): readonly (readonly number[])[] => {
  const order = satellites
    .map((satellite, row) => ({ row, ...satellite.elements }))
    .toSorted((a, b) => a.inclination - b.inclination || a.rightAscension - b.rightAscension);
  const planes: { node: number; inclination: number; members: { row: number; place: number }[] }[] = [];
  for (const { row, rightAscension, inclination, argumentOfPerigee, meanAnomaly } of order) {
    const place = (argumentOfPerigee + meanAnomaly) % 360;
    const last = planes.at(-1);
    const same =
      last !== undefined &&
      between(last.node, rightAscension) < apart &&
      Math.abs(last.inclination - inclination) < apart;
    if (same) last.members.push({ row, place });
    else planes.push({ node: rightAscension, inclination, members: [{ row, place }] });
  }
  return planes.map(({ members }) => members.toSorted((a, b) => a.place - b.place).map(({ row }) => row));
};
