import { Command, Option } from "commander";
import { addModel, type AddRequest } from "../../studies/inputs/models.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { list } from "../options/dataset-options.ts";
import { parseNumber, parseWhole } from "../../pipeline/quantity.ts";

interface Flags {
  readonly out: string;
  readonly name?: string;
  readonly modelVersion?: string;
  readonly licence?: string;
  readonly description?: string;
  readonly classes?: string;
  readonly bands?: string;
  readonly units?: string;
  readonly head?: string;
  readonly activation?: string;
  readonly boxes?: string;
  readonly coordinates?: string;
  readonly columns?: string;
  readonly firstClass?: string;
  readonly background?: string;
  readonly stride?: string;
  readonly minPixels?: string;
  readonly outlineTolerance?: string;
  readonly outputs?: string;
  readonly layout?: string;
  readonly outputLayout?: string;
  readonly quantised?: string;
  readonly fit?: string;
  readonly anchor?: string;
  readonly margin?: string;
  readonly pixelOrder?: string;
  readonly scale?: string;
  readonly mean?: string;
  readonly std?: string;
  readonly tileSize?: string;
  readonly overlap?: string;
  readonly multipleOf?: string;
  readonly threshold?: string;
  readonly mergeIou?: string;
}

/** `{ key: read(text) }` where the flag was given, nothing where it was not. */
const given = <Key extends string, Value>(
  key: Key,
  text: string | undefined,
  read: (text: string) => Value,
): { readonly [K in Key]?: Value } =>
  (text === undefined ? {} : { [key]: read(text) }) as { [K in Key]?: Value };

const same = (text: string): string => text;
const side = (flag: string) => (text: string) => parseWhole(flag, text, 0, 16_384);
const share = (flag: string) => (text: string) => parseNumber(flag, text, 0, 1);
const numbers = (flag: string) => (text: string) =>
  list(text).map((part) => parseNumber(flag, part, -1e9, 1e9));

const outputNames = [
  ["heatmap", "size", "offset"],
  ["boxes", "scores"],
  ["boxes", "scores", "classes"],
  ["boxes", "classes"],
  ["boxes", "scores", "classes", "count"],
] as const;

/** `heatmap=Identity,size=Identity_1,offset=Identity_2`, `boxes=…,scores=…`, or the name of the only output that is read. */
const parseOutputs = (text: string): Readonly<Record<string, unknown>> => {
  if (!text.includes("=")) return { output: text };
  const pairs = new Map(list(text).map((pair) => pair.split("=", 2) as [string, string]));
  const isSet = (names: readonly string[]): boolean =>
    names.length === pairs.size && names.every((name) => pairs.get(name));
  if (outputNames.some(isSet)) return { outputs: Object.fromEntries(pairs) };
  throw new SwathError("config", {
    what: "--outputs",
    wanted: `one name, or ${outputNames.map((names) => names.map((name) => `${name}=NAME`).join(",")).join(", or ")}`,
    got: `"${text}"`,
  });
};

const requestOf = (file: string, flags: Flags): AddRequest => ({
  file,
  ...given("name", flags.name, same),
  ...given("version", flags.modelVersion, same),
  ...given("licence", flags.licence, same),
  ...given("description", flags.description, same),
  ...given("classes", flags.classes, list),
  ...given("bands", flags.bands, list),
  ...given("units", flags.units, same),
  ...given("head", flags.head, same),
  headOptions: {
    ...given("activation", flags.activation, same),
    ...given("boxes", flags.boxes, same),
    ...given("coordinates", flags.coordinates, same),
    ...given("columns", flags.columns, list),
    ...given("firstClass", flags.firstClass, Number),
    ...given("background", flags.background, side("--background")),
    ...given("strideCells", flags.stride, side("--stride")),
    ...given("minPixels", flags.minPixels, side("--min-pixels")),
    ...given("outlineTolerance", flags.outlineTolerance, (text) =>
      parseNumber("--outline-tolerance", text, 0, 16),
    ),
    ...(flags.outputs === undefined ? {} : parseOutputs(flags.outputs)),
  },
  ...given("layout", flags.layout, same),
  ...given("outputLayout", flags.outputLayout, same),
  ...given("quantised", flags.quantised, same),
  ...given("fit", flags.fit, same),
  ...given("anchor", flags.anchor, same),
  ...given("marginValue", flags.margin, (text) => parseNumber("--margin", text, -1e9, 1e9)),
  ...given("pixelOrder", flags.pixelOrder, same),
  ...given("scale", flags.scale, (text) => parseNumber("--scale", text, -1e9, 1e9)),
  ...given("mean", flags.mean, numbers("--mean")),
  ...given("std", flags.std, numbers("--std")),
  ...given("tileSizePx", flags.tileSize, side("--tile-size")),
  ...given("overlapPx", flags.overlap, side("--overlap")),
  ...given("multipleOfPx", flags.multipleOf, side("--multiple-of")),
  ...given("scoreThreshold", flags.threshold, share("--threshold")),
  ...given("mergeIou", flags.mergeIou, share("--merge-iou")),
});

const tileText = ({
  sizePx,
  heightPx = sizePx,
}: {
  readonly sizePx: number;
  readonly heightPx?: number | undefined;
}) => (heightPx === sizePx ? `${sizePx}` : `${sizePx} × ${heightPx}`);

/** `swath model add`. */
export const modelAddCommand = (): Command =>
  new Command("add")
    .description(
      "Write a model folder, card and weights, from an ONNX or TensorFlow.js model; prove that it runs",
    )
    .argument("<file>", "ONNX file, or the model.json of TensorFlow.js")
    .requiredOption("--out <folder>", "where the model's folder goes")
    .option("--name <name>", "the model's name (default: the file's)")
    .option("--model-version <text>", "its version (default: 1.0.0)")
    .option("--licence <text>", "its licence")
    .option("--description <text>", "what it finds, and where it fails")
    .option("--classes <names>", "class names in the order of the output, without the background")
    .option(
      "--bands <names>",
      "bands in the order of the input's channels: blue,green,red or B02,B03,B04,B08",
    )
    .addOption(
      new Option("--units <units>", "what the pixels have to be").choices(["uint8", "reflectance", "dn"]),
    )
    .option("--scale <number>", "input = (value × scale − mean) / std, e.g. 1/255")
    .option("--mean <numbers>", "one for all bands, or one each (default: 0)")
    .option("--std <numbers>", "one for all bands, or one each (default: 1)")
    .addOption(
      new Option("--head <kind>", "how the outputs are read (default: told by their shapes)").choices([
        "yolo",
        "yolo-obb",
        "yolox",
        "detr",
        "suppressed",
        "centre",
        "segment",
        "classify",
      ]),
    )
    .addOption(
      new Option("--activation <name>", "what makes scores of the outputs").choices([
        "none",
        "sigmoid",
        "softmax",
      ]),
    )
    .addOption(
      new Option("--boxes <form>", "how four numbers are a box (default: told by a trial tile)").choices([
        "xyxy",
        "cxcywh",
      ]),
    )
    .addOption(
      new Option("--coordinates <unit>", "what boxes count in (default: told by a trial tile)").choices([
        "pixels",
        "normalised",
      ]),
    )
    .option("--columns <names>", "what stands in a row after suppression: image, box, score, class, angle")
    .addOption(
      new Option("--first-class <number>", "the number of the first class after suppression").choices([
        "0",
        "1",
      ]),
    )
    .option("--background <channel>", "output channel that means nothing is there, from 0")
    .option("--stride <pixels>", "input pixels a cell of the output (centre, segment)")
    .option("--min-pixels <number>", "leave out smaller objects (segment)")
    .option("--outline-tolerance <cells>", "how far outlines may leave out a point (segment; default: 0.5)")
    .addOption(
      new Option("--layout <layout>", "of the input (default: by its shape)").choices(["NCHW", "NHWC"]),
    )
    .addOption(
      new Option("--pixel-order <order>", "planar: trained on planes reshaped, not transposed").choices([
        "layout",
        "planar",
      ]),
    )
    .addOption(
      new Option(
        "--output-layout <layout>",
        "of outputs of four dimensions (default: NCHW, of TensorFlow.js NHWC)",
      ).choices(["NCHW", "NHWC"]),
    )
    .option(
      "--outputs <names>",
      "output to read, or heatmap=…,size=…,offset=… or boxes=…,scores=…,classes=… (default: told)",
    )
    .addOption(
      new Option("--fit <way>", "tiles of another size than the network's: as they are, or scaled").choices([
        "pad",
        "letterbox",
      ]),
    )
    .addOption(
      new Option("--anchor <place>", "where a letterbox holds the tile (default: centre)").choices([
        "centre",
        "corner",
      ]),
    )
    .option("--margin <value>", "what a letterbox's margins show (default: 114 for 8-bit pictures, else 0)")
    .addOption(
      new Option("--quantised <way>", "QDQ networks: as 8-bit hardware does, or as the file says").choices([
        "integer",
        "float",
      ]),
    )
    .option(
      "--tile-size <pixels>",
      "side of a tile, where the network does not fix it or --fit letterbox scales it",
    )
    .option("--overlap <pixels>", "overlap of tiles, at least the longest object (default: a fifth)")
    .option("--multiple-of <pixels>", "sides that the network takes are multiples of this (default: 1)")
    .option("--threshold <score>", "report from this score on (default: 0.5)")
    .option("--merge-iou <share>", "boxes that overlap more are one object (default: 0.5)")
    .addHelpText(
      "after",
      `
Example:
  $ swath model add yolox_nano.onnx --classes person,bicycle,… --bands blue,green,red \\
      --units uint8 --scale 1 --out my-models/`,
    )
    .action(async (file: string, flags: Flags) => {
      const { folder, card } = await addModel(requestOf(file, flags), flags.out);
      process.stdout.write(
        `wrote ${folder}: ${card.head.kind} head, ${card.classes.length} class${card.classes.length === 1 ? "" : "es"}, ${tileText(card.tile)} px tiles\nnext: swath model check ${folder} DATASET\n`,
      );
    });
