import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { formatCount } from "../../pipeline/format.ts";
import {
  allPresets,
  type ComputerRow,
  type PlacedFigure,
  type SpacecraftRow,
} from "../../studies/inputs/presets.ts";
import { anchorText, figureText } from "./presets-text.ts";

const cell = (text: string): string => text.replaceAll("|", String.raw`\|`);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(" | ")} |`,
  `|${head.map(() => "---").join("|")}|`,
  ...rows.map((row) => `| ${row.map(cell).join(" | ")} |`),
  "",
];

const figureTable = (figures: readonly PlacedFigure[]): readonly string[] =>
  table(
    ["figure", "value", "", "source"],
    figures.map((figure) => [`\`${figure.path}\``, figureText(figure), figure.kind, figure.source]),
  );

const spacecraftSection = ({ name, title, note, figures }: SpacecraftRow): readonly string[] => [
  `### ${name}`,
  "",
  `${title}. ${note}`,
  "",
  ...figureTable(figures),
];

const computerSection = ({ name, title, figures, anchors }: ComputerRow): readonly string[] => [
  `### ${name}`,
  "",
  `${title}.`,
  "",
  ...figureTable(figures),
  ...anchors.map((anchor) => `- Measured: ${anchorText(anchor)}`),
  ...(anchors.length > 0 ? [""] : []),
];

/** The page of all presets, Markdown: what `swath presets NAME` says, in one place. */
export const presetDocs = (): string => {
  const { spacecraft, computers, constellations, networks } = allPresets();
  return [
    "<!-- Made by `npm run docs` from the presets themselves: edit them, not this page. -->",
    "",
    "# Presets",
    "",
    "Spacecraft, computers, constellations and station networks that have a name. Each figure is *published*, with its source, or *assumed*,",
    "with the reason. `swath presets NAME` prints one of them, `swath presets NAME --yaml` writes a spacecraft as a file that",
    "`--spacecraft` takes back after editing.",
    "",
    "## Constellations",
    "",
    "Their elements are ours, rounded from the source, without drag, and hold at the start of the horizon, whenever that is: planes",
    "keep their local solar time, satellites their places in them. So they never grow stale, but what one satellite sees at one",
    "moment is not what the real one saw: for that, give `--constellation` the element sets of that day. A constellation brings",
    "its spacecraft unless `--spacecraft` names another.",
    "",
    ...table(
      ["`--constellation`", "satellites", "brings", "what", "orbits"],
      constellations.map(({ name, count, spacecraft: brings, title, source }) => [
        `\`${name}\``,
        formatCount(count),
        brings,
        title,
        source,
      ]),
    ),
    "## Station networks",
    "",
    "Positions are public facts, to 0.1°; heights are of the terrain. Masks of 5° (but for `oec`), one antenna a site, 60 s between",
    "two satellites and 1 s from the station to the mission centre are assumed. Several",
    "networks and files may be joined by commas; a station in two of them is refused.",
    "",
    ...table(
      ["`--stations`", "stations", "what", "source"],
      networks.map(({ name, stations, title, source }) => [
        `\`${name}\``,
        stations.map((one) => one.name).join("; "),
        title,
        source,
      ]),
    ),
    "## Spacecraft",
    "",
    ...spacecraft.flatMap(spacecraftSection),
    "## Computers",
    "",
    "Modules by themselves; those aboard the spacecraft stand there. Utilisation is held against the measured times of networks.",
    "",
    // The others are in the tables above.
    ...computers.filter(({ isAboard }) => !isAboard).flatMap(computerSection),
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
};

/** `node dist/cli/text/preset-docs.js [file]`: compiled it lies one folder deeper than its source. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = fileURLToPath(new URL("../../../docs/presets.md", import.meta.url));
  writeFileSync(process.argv[2] ?? page, presetDocs());
}
