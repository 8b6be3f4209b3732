/** Metres between two nearby positions, on a sphere: good to half a per cent, across the antimeridian too. */
export const metresBetween = (
  [aLongitude, aLatitude]: readonly [number, number],
  [bLongitude, bLatitude]: readonly [number, number],
): number => {
  const perDegree = 111_195;
  const turn = ((((aLongitude - bLongitude + 180) % 360) + 360) % 360) - 180;
  const across = turn * perDegree * Math.cos((aLatitude * Math.PI) / 180);
  return Math.hypot(across, (aLatitude - bLatitude) * perDegree);
};
