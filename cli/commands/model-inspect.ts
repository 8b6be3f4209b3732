import Table from "cli-table3";
import { Command } from "commander";
import {
  describeModel,
  inspectModel,
  type ModelInspection,
  type TensorDescription,
} from "../../studies/inputs/models.ts";
import { shippedModels } from "../../studies/inputs/models.ts";
import { formatBytes, formatCount, formatCountOf, formatNumber, formatSi } from "../../pipeline/format.ts";
import { printable } from "../../pipeline/printable.ts";

const shapeText = ({ name, type, shape }: TensorDescription): string =>
  `${name} ${type} [${shape.map((side) => (side === "" ? "?" : side)).join(", ")}]`;

const wrapped = (parts: readonly string[], width: number): readonly string[] => {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length + 2 <= width) lines.push(`${lines.pop()}, ${part}`);
    else lines.push(part);
  }
  return lines;
};

const fileRows = ({ file }: ModelInspection): readonly (readonly [string, readonly string[]])[] => {
  if (file === null) return [];
  const opsets = Object.entries(file.opsets).map(([domain, version]) => `${domain} ${version}`);
  const operators = file.operators.map(({ operator, count }) => `${operator} ${count}`);
  return [
    ["file", [`${formatBytes(file.bytes)}, sha256 ${file.sha256.slice(0, 16)}…`]],
    ["producer", [file.producer || "not stated"]],
    ["opset", [opsets.join(", ")]],
    ["inputs", file.inputs.map(shapeText)],
    ["outputs", file.outputs.map(shapeText)],
    ["parameters", [`${formatCount(file.parameters)}${file.quantised ? ", quantised" : ""}`]],
    ["operators", wrapped(operators, 84)],
  ];
};

const cardRow = ({ card, file }: ModelInspection): string => {
  if (card === null) return "none";
  const inside = file !== null && "producer" in file && card.version === file.sha256.slice(0, 12);
  const source = inside ? "from the file's own metadata: " : "";
  return `${source}${card.name} ${card.version}, ${card.bands.join(" ")} in ${card.units}, ${
    card.classes.length > 6 ? formatCountOf(card.classes.length, "class", "classes") : card.classes.join(", ")
  }`;
};

/** What the published exports of a family take; others have to be looked up where the model comes from. */
const usual: Readonly<Record<string, string>> = {
  yolo: "--bands red,green,blue --units uint8 --scale 1/255",
  "yolo-obb": "--bands red,green,blue --units uint8 --scale 1/255",
  yolox: "--bands blue,green,red --units uint8 --scale 1",
};

/** The command that brings a file one step further; `null` where nothing does. */
const nextOf = (
  { card, head, tile, missing, isUsable }: ModelInspection,
  reference: string,
): string | null => {
  if (!isUsable) return null;
  if (missing.length === 0) return `swath model check ${reference} DATASET`;
  if (card !== null) return null;
  const parts = [
    `swath model add ${reference}`,
    usual[head?.kind ?? ""] ?? "--bands … --units uint8|reflectance|dn --scale …",
    "--classes …",
    head === null ? "--head …" : "",
    tile.source === "network" ? "" : "--tile-size …",
    "--out models/",
  ];
  return parts.filter((part) => part !== "").join(" ");
};

/** What `swath model inspect REFERENCE` prints. */
export const inspectionText = (inspection: ModelInspection, reference: string): string => {
  const { tile, opsPerPixel, opsPerTile, head, missing } = inspection;
  const next = nextOf(inspection, reference);
  const source = { network: "fixed by the network", card: "as its card states", assumed: "assumed" }[
    tile.source
  ];
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ...fileRows(inspection),
    [
      "operations",
      [
        `${formatNumber(opsPerPixel)} a pixel, ${formatSi(opsPerTile, "op")} a tile of ${tile.width} × ${tile.height} (${source})`,
      ],
    ],
    ["card", [cardRow(inspection)]],
    ["head", [head === null ? "none fits" : `${head.kind}: ${head.why}`]],
    ["missing", missing.length === 0 ? ["nothing: it runs as it is"] : missing],
    ["next", next === null ? [] : [next]],
  ];
  const lines = rows.flatMap(([name, parts]) =>
    parts.map((part, i) => `${(i === 0 ? name : "").padEnd(11)} ${part}`),
  );
  return `${[inspection.name, ...lines].join("\n")}\n`;
};

/** `swath model inspect`. */
export const modelInspectCommand = (): Command =>
  new Command("inspect")
    .description(
      "What a model file says: inputs, outputs, operations, the head it takes, what a card must add",
    )
    .argument("<model>", "file.onnx, a folder with model.json, or the name of a shipped model")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", "\nExample:\n  $ swath model inspect ships-s2")
    .action(async (reference: string, { json }: { readonly json?: boolean }) => {
      const inspection = await inspectModel(reference);
      process.stdout.write(
        json ? `${JSON.stringify(inspection, null, 2)}\n` : inspectionText(inspection, reference),
      );
      // A script asks whether a model runs; what only lacks a card can.
      if (!inspection.isUsable || inspection.head === null) process.exitCode = 1;
    });

/** A shipped model, and each other file of it. */
const withVariants = async (inspection: ModelInspection): Promise<readonly ModelInspection[]> => {
  const { card } = inspection;
  if (card === null || !("variants" in card)) return [inspection];
  const names = Object.keys(card.variants).map((variant) => `${card.name}:${variant}`);
  return [inspection, ...(await Promise.all(names.map(describeModel)))];
};

/** `swath model list`. */
export const modelListCommand = (): Command =>
  new Command("list")
    .description("List the models that come with Swath")
    .option("--json", "print JSON instead of a table")
    .addHelpText("after", "\nExample:\n  $ swath model list")
    .action(async ({ json }: { readonly json?: boolean }) => {
      const shipped = await Promise.all((await shippedModels()).map(describeModel));
      const found = (await Promise.all(shipped.map(withVariants))).flat();
      if (json) {
        process.stdout.write(
          `${JSON.stringify(
            found.map(({ card }) => card),
            null,
            2,
          )}\n`,
        );
        return;
      }
      const table = new Table({
        head: ["model", "version", "bands", "finds", "head", "precision", "weights", "ops / pixel"],
        style: { head: [], border: [] },
        colAligns: ["left", "left", "left", "left", "left", "left", "right", "right"],
      });
      for (const { name, card, file, opsPerPixel } of found) {
        table.push(
          [
            card?.name ?? name,
            card?.version ?? "–",
            card?.bands.join(" ") ?? "–",
            card?.classes.join(" ") ?? "–",
            card?.head.kind === "bandmaths" ? card.head.formula : (card?.head.kind ?? "–"),
            file === null ? "–" : (card?.precision ?? "–"),
            file === null ? "none" : formatBytes(file.bytes),
            formatNumber(opsPerPixel),
          ].map(printable),
        );
      }
      process.stdout.write(`${table.toString()}\n`);
    });
