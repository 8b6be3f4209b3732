import Table from "cli-table3";
import { formatCount, formatCountOf, formatNumber, formatSi } from "../../pipeline/format.ts";
import type {
  ComputerRow,
  ConstellationRow,
  NetworkRow,
  PlacedFigure,
  Presets,
  SpacecraftRow,
} from "../../studies/inputs/presets.ts";

/** Units that take SI prefixes; areas and kelvin do not. */
const scalable = ["B", "bit/s", "W", "J", "op/s", "sample/s", "Hz"];

/** `744 Top/s`, `0.0181 m²`, `sun-tracking`, `none`. */
export const figureText = ({ value, unit }: Pick<PlacedFigure, "value" | "unit">): string => {
  if (value === null) return "none";
  if (typeof value === "string") return value;
  if (scalable.includes(unit)) return formatSi(value, unit);
  return unit === "" ? formatNumber(value, 4) : `${formatNumber(value, 4)} ${unit}`;
};

/** Plain text, so that a pipe gets what the terminal shows; no lines between rows. */
const tableOf = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths?: number[],
): string => {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    ...(widths === undefined ? {} : { colWidths: widths, wordWrap: true }),
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
};

const publishedOf = ({ figures }: SpacecraftRow | ComputerRow): string =>
  `${figures.filter(({ kind }) => kind === "published").length} of ${figures.length}`;

/** `swath presets`: what there is, in four tables. */
export const presetsText = ({ spacecraft, computers, constellations, networks }: Presets): string =>
  [
    tableOf(
      ["--spacecraft", "published figures", ""],
      spacecraft.map((one) => [one.name, publishedOf(one), one.title]),
    ),
    tableOf(
      ["--constellation", "satellites", "brings", ""],
      constellations.map((one) => [one.name, formatCount(one.count), one.spacecraft, one.title]),
    ),
    tableOf(
      ["--stations", "stations", ""],
      networks.map(({ name, stations, title }) => [name, `${stations.length}`, title]),
    ),
    tableOf(
      ["computer", "published figures", ""],
      computers.map((one) => [one.name, publishedOf(one), one.title]),
    ),
    "swath presets NAME prints every figure and where it is from.\n",
  ].join("\n");

const figureTable = (figures: readonly PlacedFigure[]): string => {
  const longest = Math.max(...figures.map(({ path }) => path.length));
  return tableOf(
    ["figure", "value", "", "source"],
    figures.map((figure) => [figure.path, figureText(figure), figure.kind, figure.source]),
    [longest + 2, 16, 11, 62],
  );
};

const spacecraftText = ({ name, title, note, figures }: SpacecraftRow): string =>
  [`Spacecraft ${name}: ${title}`, note, figureTable(figures), ""].join("\n");

/** `YOLOv8n, 640 × 640 in fp16: 69 ms (source)`. */
export const anchorText = ({ network, precision, seconds, source }: ComputerRow["anchors"][number]): string =>
  `${network} in ${precision}: ${formatNumber(seconds * 1000)} ms (${source})`;

const computerText = ({ name, title, figures, anchors }: ComputerRow): string =>
  [
    `Computer ${name}: ${title}`,
    figureTable(figures),
    ...anchors.map((anchor) => `measured: ${anchorText(anchor)}`),
    "",
  ].join("\n");

const constellationText = ({ name, title, source, spacecraft, count }: ConstellationRow): string =>
  [
    `Constellation ${name}: ${title}`,
    `${formatCountOf(count, "satellite")}, spacecraft ${spacecraft}`,
    `Orbits: ${source}. They hold at the start of the horizon, whenever that is.`,
    "",
  ].join("\n");

const networkText = ({ name, title, source, stations }: NetworkRow): string =>
  [
    `Stations ${name}: ${title}`,
    `Source: ${source}. ${name === "oec" ? "Antennas" : "Masks, antennas"}, 60 s between two satellites and 1 s to the mission centre are assumed.`,
    tableOf(
      ["station", "longitude", "latitude", "height", "mask", "antennas"],
      stations.map((one) => [
        one.id,
        `${one.longitude}°`,
        `${one.latitude}°`,
        `${one.altitude} m`,
        `${one.minElevation}°`,
        `${one.antennas}`,
      ]),
    ),
    "",
  ].join("\n");

/** `swath presets NAME`: all that has that name, figure by figure. */
export const presetText = ({ spacecraft, computers, constellations, networks }: Presets): string =>
  [
    ...spacecraft.map(spacecraftText),
    ...computers.map(computerText),
    ...constellations.map(constellationText),
    ...networks.map(networkText),
  ].join("\n");

/** The same for machines. */
export const presetsJson = ({ spacecraft, computers, constellations, networks }: Presets): unknown => ({
  spacecraft,
  computers: computers.map(({ name, title, figures, anchors }) => ({ name, title, figures, anchors })),
  constellations: constellations.map(({ name, title, source, spacecraft: brings, count }) => ({
    name,
    title,
    source,
    spacecraft: brings,
    satellites: count,
  })),
  networks: networks.map(({ name, title, source, stations }) => ({ name, title, source, stations })),
});
