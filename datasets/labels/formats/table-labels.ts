import { SwathError } from "../../../pipeline/errors.ts";
import { type CsvRow, parseCsv, separatorOf } from "./csv.ts";
import {
  classNameOf,
  type DrawnLabel,
  type DrawnPoint,
  type ImageLabels,
  joinReads,
  type LabelFrame,
  LeftOutCount,
  mostVertices,
  printable,
  type ReadLabels,
} from "../drawn-label.ts";
import type { LabelDocument } from "../label-document.ts";
import type { LabelFormat } from "./label-format.ts";
import { parsePairs, parseWkt } from "./wkt.ts";

/** How columns are called, most telling first; compared in lower case without spaces, `_` and `-`. */
const names = {
  image: [
    "imageid",
    "imagepath",
    "filename",
    "file",
    "imagename",
    "image",
    "img",
    "imgpath",
    "path",
    "scene",
    "chipid",
  ],
  pixelPolygon: ["polygonwktpix", "wktpix", "polygonpix"],
  groundPolygon: ["polygonwktgeo", "wktgeo", "polygongeo"],
  polygon: ["geometry", "polygon", "wkt", "points", "coordinates", "geom"],
  className: [
    "class",
    "classname",
    "label",
    "category",
    "categoryname",
    "labelname",
    "name",
    "type",
    "typeid",
    "classid",
    "categoryid",
  ],
  width: ["width", "imagewidth", "imgwidth"],
  height: ["height", "imageheight", "imgheight"],
  bbox: ["bbox", "box", "boundingbox", "boundsimcoords"],
} as const;

/** The four columns of a box, by two opposite corners. */
const cornerColumns = [
  ["xmin", "ymin", "xmax", "ymax"],
  ["x1", "y1", "x2", "y2"],
  ["left", "top", "right", "bottom"],
  ["minx", "miny", "maxx", "maxy"],
] as const;

type Draw = (
  cells: readonly string[],
) => { readonly points: readonly DrawnPoint[] } | { readonly reason: string };

interface Layout {
  readonly image: number;
  readonly className: number;
  readonly size: readonly [width: number, height: number];
  readonly frame: LabelFrame;
  readonly draw: Draw;
}

const columnOf = (header: readonly string[], wanted: readonly string[]): number =>
  wanted.map((name) => header.indexOf(name)).find((index) => index >= 0) ?? -1;

const noObject = "an image without objects";

const numberIn = (cell: string | undefined): number =>
  cell === undefined || cell === "" || !/^[-+\d.eE]+$/.test(cell) ? NaN : Number(cell);

const cornersOf = (cells: readonly string[], columns: readonly number[]): ReturnType<Draw> => {
  if (columns.every((column) => (cells[column] ?? "") === "")) return { reason: noObject };
  const [x0 = NaN, y0 = NaN, x1 = NaN, y1 = NaN] = columns.map((column) => numberIn(cells[column]));
  if (![x0, y0, x1, y1].every(Number.isFinite)) return { reason: "a box that is not four numbers" };
  if (x0 === 0 && y0 === 0 && x1 === 0 && y1 === 0) return { reason: noObject };
  if (x1 < x0 || y1 < y0) return { reason: "a box of negative size" };
  return {
    points: [
      [x0, y0],
      [x1, y1],
    ],
  };
};

const polygonOf = (text: string): ReturnType<Draw> => {
  if (text === "") return { reason: noObject };
  const shape = parseWkt(text);
  if (typeof shape === "string") return { reason: `a ${shape}, which has no extent` };
  if (shape?.length === 0) return { reason: noObject };
  const points = shape?.flat() ?? parsePairs(text);
  if (points === null || points.length < 2 || points.length > mostVertices)
    return { reason: "a polygon that is no list of pairs" };
  return { points };
};

/** Decimals of that many digits mark degrees: no one draws a millionth of a pixel. */
const looksLikeDegrees = (points: readonly DrawnPoint[]): boolean =>
  points.every(
    ([x, y]) =>
      Math.abs(x) <= 180 && Math.abs(y) <= 90 && /\.\d{5}/.test(String(x)) && /\.\d{5}/.test(String(y)),
  );

/** A `bbox` column of `[a, b, c, d]` is a corner and a size, or two corners: a row whose third number is below its first tells. */
const bboxDraw = (column: number, rows: readonly CsvRow[], isTwoCorners: boolean, file: string): Draw => {
  const numbersOf = (cells: readonly string[]): readonly number[] =>
    (cells[column] ?? "")
      .replaceAll(/[[\](){}]/g, " ")
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(numberIn);
  const hasSizes = rows.some(({ cells }) => {
    const [a = 0, b = 0, c = 0, d = 0, ...more] = numbersOf(cells);
    return more.length === 0 && (c < a || d < b);
  });
  if (!hasSizes && !isTwoCorners) {
    throw new SwathError("label", {
      what: `${file}: a bbox column that may be two corners or a corner and a size`,
      wanted: "columns xmin, ymin, xmax, ymax",
      got: "no row that tells which",
    });
  }
  return (cells) => {
    const [a = NaN, b = NaN, c = NaN, d = NaN, ...more] = numbersOf(cells);
    if ((cells[column] ?? "") === "") return { reason: noObject };
    if (more.length > 0 || ![a, b, c, d].every(Number.isFinite))
      return { reason: "a box that is not four numbers" };
    if (isTwoCorners && (c < a || d < b)) return { reason: "a box of negative size" };
    return {
      points: [[a, b], isTwoCorners ? [c, d] : [a + c, b + d]],
    };
  };
};

/** True where all boxes are fractions of their images, as OpenImages has them. */
const areFractions = (rows: readonly CsvRow[], columns: readonly number[]): boolean => {
  let isAnyPart = false;
  for (const { cells } of rows) {
    for (const column of columns) {
      const value = numberIn(cells[column]);
      if (value < 0 || value > 1) return false;
      isAnyPart ||= value > 0 && value < 1;
    }
  }
  return isAnyPart;
};

const layoutOf = (names_: readonly string[], rows: readonly CsvRow[], file: string): Layout => {
  const header = names_.map((name) => name.toLowerCase().replaceAll(/[\s_-]/g, ""));
  const image = columnOf(header, names.image);
  const className = columnOf(header, names.className);
  const corners = cornerColumns.map((set) => set.map((name) => header.indexOf(name)));
  const box = corners.find((set) => set.every((column) => column >= 0));
  const [pixel, ground, plain, bbox] = [
    names.pixelPolygon,
    names.groundPolygon,
    names.polygon,
    names.bbox,
  ].map((set) => columnOf(header, set)) as [number, number, number, number];
  const polygon = [pixel, plain, ground].find((column) => column >= 0);
  const hasShape = box !== undefined || polygon !== undefined || bbox >= 0;
  if (image < 0 || !hasShape) {
    throw new SwathError("label", {
      what: `${file}: not a label table`,
      wanted:
        "a header with an image column and xmin, ymin, xmax, ymax or a polygon column (geometry, PolygonWKT_Pix, …)",
      got: `"${printable(names_.join(","))}"`,
    });
  }
  const size = [columnOf(header, names.width), columnOf(header, names.height)] as const;
  const shared = { image, className, size };
  if (polygon !== undefined && box === undefined) {
    const draw: Draw = (cells) => polygonOf(cells[polygon] ?? "");
    const isGround = polygon === ground;
    const drawn = rows.slice(0, 200).map(({ cells }) => draw(cells));
    const shown = drawn.flatMap((one) => ("points" in one ? [one.points] : []));
    if (!isGround && polygon !== pixel && shown.length > 0 && shown.every(looksLikeDegrees)) {
      throw new SwathError("label", {
        what: `${file}: polygons that look like degrees in column "${printable(names_[polygon] ?? "")}"`,
        wanted: "pixels of the named image",
        got: `${shown[0]?.[0]?.join(" ")}`,
        hint: "call the column PolygonWKT_Geo, or export GeoJSON",
      });
    }
    return { ...shared, frame: isGround ? "lonlat" : "pixel", draw };
  }
  if (box !== undefined) {
    const frame = areFractions(rows, box) ? "unit" : "pixel";
    return { ...shared, frame, draw: (cells) => cornersOf(cells, box) };
  }
  const isTwoCorners = header[bbox] === "boundsimcoords";
  return { ...shared, frame: "pixel", draw: bboxDraw(bbox, rows, isTwoCorners, file) };
};

/** `image.jpg,x1,y1,x2,y2,class` without a header, as keras-retinanet has it. */
const isHeadless = (cells: readonly string[]): boolean =>
  cells.length === 6 &&
  /\.(?:tiff?|png|jpe?g|webp|jp2)$/i.test(cells[0] ?? "") &&
  cells.slice(1, 5).every((cell) => cell === "" || Number.isFinite(numberIn(cell)));

/**
 * Reads a table with one object a row: an image column, a box of four columns or a polygon (pairs or WKT) in pixels, and, if there
 * is one, a class column: TensorFlow's, DeepForest's, SpaceNet's, keras-retinanet's, Airbus's. Rows without an object say that somebody
 * looked at the image. A row that is not right is left out and counted.
 * Throws `SwathError("label")` when the columns are others or do not say what they hold.
 */
export const parseTable = (text: string, file: string): ReadLabels => {
  const [first, ...others] = parseCsv(text, separatorOf(text.replace(/^\uFEFF/, "")));
  const headless = first !== undefined && isHeadless(first.cells);
  const header = headless ? ["filename", "xmin", "ymin", "xmax", "ymax", "class"] : (first?.cells ?? []);
  const rows = headless && first ? [first, ...others] : others;
  const { image, className, size, frame, draw } = layoutOf(header, rows, file);
  const leftOut = new LeftOutCount();
  const images = new Map<string, { size: ImageLabels["size"]; labels: DrawnLabel[]; lost: number }>();
  rows.forEach(({ cells, line }, index) => {
    const where = `${file}: line ${line}`;
    const name = cells[image] ?? "";
    if (name === "") return leftOut.add("no image named", where);
    const [width, height] = size.map((column) => numberIn(cells[column]));
    const told = width && height && width > 0 && height > 0 ? ([width, height] as const) : null;
    const place = images.get(name) ?? { size: told, labels: [], lost: 0 };
    images.set(name, place);
    const shape = draw(cells);
    if ("reason" in shape) {
      if (shape.reason !== noObject) place.lost++;
      return leftOut.add(shape.reason, `${where}: "${printable(cells.join(","))}"`);
    }
    const { points } = shape;
    place.labels.push({
      index,
      className: classNameOf(cells[className] ?? "") ?? "object",
      frame,
      points,
      ignore: false,
    });
  });
  return {
    images: [...images].map(([name, one]) => ({
      image: name,
      file,
      isOwn: false,
      isSeenUpright: false,
      ...one,
    })),
    loose: [],
    leftOut: leftOut.list(),
    notes: [
      ...(className < 0 && rows.length > 0
        ? [`${file}: no class column, so every object is called "object"`]
        : []),
      ...(headless ? [`${file}: no header; read as image, x1, y1, x2, y2, class`] : []),
      ...(frame === "unit"
        ? [`${file}: all boxes lie between 0 and 1, so they are fractions of their images`]
        : []),
    ],
    failed: [],
  };
};

const readOne = ({ path, text, encoding }: LabelDocument): ReadLabels => {
  const read = parseTable(text, path);
  return encoding === null
    ? read
    : { ...read, notes: [...read.notes, `${path}: not UTF-8, read as ${encoding}`] };
};

/** Tables of TensorFlow, DeepForest, SpaceNet, keras-retinanet and their kind. */
export const table: LabelFormat = {
  name: "CSV",
  extensions: [".csv", ".tsv"],
  isOwn: false,
  hasClassNumbers: false,
  usualName:
    /(?:^|\/)(?:_?annotations|labels|(?:train|test|val|valid)_labels|(?:train|test|val|valid)_annotations)\.[ct]sv$/i,
  recognises: ({ text, path }) => {
    const head = text.slice(0, 20_000);
    const [first, ...rows] = parseCsv(head, separatorOf(head));
    if (first === undefined) return false;
    if (isHeadless(first.cells)) return true;
    try {
      layoutOf(first.cells, rows, path);
      return true;
    } catch (error) {
      // A table whose columns are labels' and do not say which: to be refused by `read`, with its reason.
      return error instanceof SwathError && !error.message.includes("not a label table");
    }
  },
  read: (documents) => joinReads(documents.map(readOne)),
};
