import { compareEpsg, reasonsOf } from "./epsg-comparison.ts";

const rows = compareEpsg();
const placed = rows.flatMap(({ offMetres }) => offMetres ?? []);
const within = placed.filter((off) => off <= 1);
const lines = [
  `${rows.length} projected systems of EPSG that PROJ reaches without grids`,
  `${within.length} within 1 m of PROJ at five points of their area of use, ${placed.filter((off) => off <= 0.01).length} of them within 1 cm`,
  `${placed.length - within.length} further away`,
  `${rows.length - placed.length} refused:`,
  ...reasonsOf(rows).map(([why, count]) => `  ${count} because ${why}`),
];
process.stdout.write(`${lines.join("\n")}\n`);
