// Makes `land-outline.ts`: the land of Natural Earth 1:50m (public domain), thinned to what a page-wide map can show.
//
//   npm pack world-atlas@2.0.2 && tar xf world-atlas-2.0.2.tgz
//   node measure/report/drawing/land-outline.mjs package/land-50m.json > measure/report/drawing/land-outline.ts
//
// The file is TopoJSON (github.com/topojson/topojson-specification): arcs of integer steps, shared by the rings. Rings are thinned
// by Douglas and Peucker's rule and rounded to a tenth of a degree; islands that would be smaller than a dot are left out.
import { readFileSync } from "node:fs";

const [tolerance, leastArea, tenth] = [0.14, 0.12, 10];
const { arcs, objects, transform } = JSON.parse(readFileSync(process.argv[2], "utf8"));

const lines = arcs.map((arc) => {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * transform.scale[0] + transform.translate[0], y * transform.scale[1] + transform.translate[1]];
  });
});
const lineOf = (index) => (index < 0 ? lines[~index].toReversed() : lines[index]);
const ringOf = (indices) => indices.flatMap((index, i) => lineOf(index).slice(i === 0 ? 0 : 1));
const polygonsOf = ({ type, arcs: own, geometries }) =>
  type === "GeometryCollection" ? geometries.flatMap(polygonsOf) : type === "Polygon" ? [own] : own;

/** The part of a ring between two meridians (Sutherland and Hodgman), along one of them. */
const halfRing = (ring, meridian, side) => {
  const kept = [];
  ring.forEach((p, i) => {
    const q = ring[(i + 1) % ring.length];
    const [inP, inQ] = [p, q].map(([x]) => (x - meridian) * side >= 0);
    if (inP) kept.push(p);
    if (inP !== inQ) kept.push([meridian, p[1] + ((meridian - p[0]) / (q[0] - p[0])) * (q[1] - p[1])]);
  });
  return kept;
};

/** Rings cross the antimeridian in this file, and Antarctica goes round the pole: each is unrolled, then cut at ±180°. */
const cutRing = (ring) => {
  let turn = 0;
  const open = ring.map(([x, y], i) => {
    const step = i === 0 ? 0 : x - ring[i - 1][0];
    if (step > 180) turn -= 360;
    if (step < -180) turn += 360;
    return [x + turn, y];
  });
  if (Math.abs(turn) === 360) open.push([open.at(-1)[0], -90], [open[0][0], -90]);
  const wide = open.map(([x]) => x);
  return [-360, 0, 360]
    .filter((shift) => Math.min(...wide) + shift < 180 && Math.max(...wide) + shift > -180)
    .map((shift) =>
      halfRing(
        halfRing(
          open.map(([x, y]) => [x + shift, y]),
          -180,
          1,
        ),
        180,
        -1,
      ),
    )
    .filter((part) => part.length > 3)
    .map((part) => [...part, part[0]]);
};

/** Distance of p from the line through a and b, degrees of latitude. */
const away = (p, a, b) => {
  const cos = Math.cos((p[1] * Math.PI) / 180);
  const [dx, dy] = [(b[0] - a[0]) * cos, b[1] - a[1]];
  const [px, py] = [(p[0] - a[0]) * cos, p[1] - a[1]];
  const length = Math.hypot(dx, dy);
  return length === 0 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
};
const thin = (points) => {
  if (points.length < 3) return points;
  let [at, most] = [0, 0];
  for (let i = 1; i < points.length - 1; i++) {
    const far = away(points[i], points[0], points.at(-1));
    if (far > most) [at, most] = [i, far];
  }
  if (most < tolerance) return [points[0], points.at(-1)];
  return [...thin(points.slice(0, at + 1)), ...thin(points.slice(at)).slice(1)];
};
const areaOf = (ring) => {
  const cos = Math.cos((ring[0][1] * Math.PI) / 180);
  let sum = 0;
  for (let i = 1; i < ring.length; i++) sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  return Math.abs(sum / 2) * cos;
};
const stepsOf = (ring) => {
  const rounded = ring.map((p) => p.map((value) => Math.round(value * tenth)));
  const kept = rounded.filter((p, i) => i === 0 || p[0] !== rounded[i - 1][0] || p[1] !== rounded[i - 1][1]);
  return kept.map((p, i) => (i === 0 ? p : [p[0] - kept[i - 1][0], p[1] - kept[i - 1][1]]));
};
const rings = polygonsOf(objects.land)
  .flatMap((polygon) => polygon.map(ringOf))
  .flatMap(cutRing)
  .filter((ring) => areaOf(ring) >= leastArea)
  .map((ring) => {
    const half = ring.length >> 1;
    return stepsOf([...thin(ring.slice(0, half + 1)), ...thin(ring.slice(half)).slice(1)]);
  })
  .filter((steps) => steps.length > 3);

const rows = [];
for (const ring of rings) {
  const text = ring
    .map(([x, y]) => `${x}${y < 0 ? "" : " "}${y}`)
    .reduce((all, one) => all + (one[0] === "-" ? "" : " ") + one);
  if (rows.length > 0 && rows.at(-1).length + text.length < 900) rows[rows.length - 1] += `|${text}`;
  else rows.push(text);
}
process.stdout.write(`/**
 * The land of Natural Earth 1:50m (public domain), made by \`land-outline.mjs\`: rings parted by \`|\` or a line end, each a first point
 * and steps from point to point, longitude and latitude in tenths of a degree. ${rings.length} rings, ${rings.reduce((sum, ring) => sum + ring.length, 0)} points.
 */
export const landOutline = \`
${rows.join("\n")}
\`;
`);
