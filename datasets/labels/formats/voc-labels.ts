import { SwathError } from "../../../pipeline/errors.ts";
import {
  classNameOf,
  type DrawnLabel,
  type DrawnPoint,
  type ImageLabels,
  LeftOutCount,
  printable,
  type ReadLabels,
} from "../drawn-label.ts";
import type { LabelDocument } from "../label-document.ts";
import type { LabelFormat } from "./label-format.ts";
import { childOf, numberIn, parseXml, type XmlNode } from "./xml.ts";

/** An object as its file has it: a box in the file's own count, or the corners of a turned one. */
interface VocObject {
  readonly className: string;
  readonly box: readonly [xmin: number, ymin: number, xmax: number, ymax: number] | null;
  readonly turned: readonly DrawnPoint[];
  readonly ignore: boolean;
}

/** A box turned about its centre, clockwise on the picture, in radians (roLabelImg). */
const turnedCorners = (box: XmlNode): readonly DrawnPoint[] => {
  const [cx, cy, w, h, angle] = ["cx", "cy", "w", "h", "angle"].map((name) => numberIn(box, name));
  if (cx === undefined || cy === undefined || w === undefined || h === undefined || angle === undefined)
    return [];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    [-w / 2, -h / 2],
    [w / 2, -h / 2],
    [w / 2, h / 2],
    [-w / 2, h / 2],
  ].map(([x = 0, y = 0]) => [cx + x * cos - y * sin, cy + x * sin + y * cos]);
};

/** Corners as FAIR1M has them: `<point>10.5,12.0</point>`, the first once more at the end. */
const outlineOf = ({ children }: XmlNode): readonly DrawnPoint[] | null => {
  const points = children
    .filter(({ name }) => name === "point")
    .map(({ text }): DrawnPoint => {
      const [x = NaN, y = NaN] = text.split(/[\s,]+/).map(Number);
      return [x, y];
    });
  return points.length >= 3 && points.flat().every(Number.isFinite) ? points : null;
};

const objectOf = (object: XmlNode): VocObject | string => {
  const possible = childOf(childOf(object, "possibleresult") ?? object, "name");
  const className = classNameOf(possible?.text);
  if (className === null) return "an object without name";
  const ignore = numberIn(object, "difficult") === 1;
  const robox = childOf(object, "robndbox");
  if (robox) {
    const turned = turnedCorners(robox);
    const isWhole = turned.length === 4 && turned.flat().every(Number.isFinite);
    return isWhole ? { className, box: null, turned, ignore } : "a turned box that is not five numbers";
  }
  const outline = childOf(object, "points");
  if (outline) {
    const turned = outlineOf(outline);
    return turned === null
      ? "an outline that is no list of points"
      : { className, box: null, turned, ignore };
  }
  const bndbox = childOf(object, "bndbox");
  const [xmin = NaN, ymin = NaN, xmax = NaN, ymax = NaN] = ["xmin", "ymin", "xmax", "ymax"].map((name) =>
    numberIn(bndbox, name),
  );
  if (![xmin, ymin, xmax, ymax].every(Number.isFinite)) return "no bndbox of four numbers";
  if (xmax < xmin || ymax < ymin) return "a box of negative size";
  return { className, box: [xmin, ymin, xmax, ymax], turned: [], ignore };
};

interface Sheet {
  readonly path: string;
  readonly size: ImageLabels["size"];
  readonly objects: readonly (VocObject | string)[];
}

const readSheet = ({ path, text }: LabelDocument): Sheet | SwathError => {
  const root = parseXml(text);
  if (typeof root === "string" || root.name !== "annotation") {
    const got = typeof root === "string" ? root : `<${printable(root.name)}>`;
    return new SwathError("label", {
      what: `${path}: not a Pascal VOC file`,
      wanted: "one <annotation>",
      got,
    });
  }
  const size = childOf(root, "size");
  const [width, height] = [numberIn(size, "width"), numberIn(size, "height")];
  return {
    path,
    size: width > 0 && height > 0 ? [width, height] : null,
    // FAIR1M has its objects one level deeper.
    objects: [root, ...root.children.filter(({ name }) => name === "objects")]
      .flatMap(({ children }) => children.filter(({ name }) => name === "object"))
      .map(objectOf),
  };
};

/**
 * True where the set counts as the VOC challenge does (development kit of 2012, section 4): whole pixels from 1, the last one included.
 * A zero or a fraction anywhere shows a tool that counts edges from 0.
 */
const countsFromOne = (sheets: readonly Sheet[]): boolean =>
  sheets.every(({ objects }) =>
    objects.every((object) => {
      if (typeof object === "string" || object.box === null) return true;
      const [xmin, ymin] = object.box;
      return xmin >= 1 && ymin >= 1 && object.box.every(Number.isInteger);
    }),
  );

/**
 * Reads a set of Pascal VOC files: one `<annotation>` an image, boxes in pixels. Difficult objects become labels to ignore.
 * A file that is not XML of that shape is in `failed`.
 */
export const parseVoc = (documents: readonly LabelDocument[]): ReadLabels => {
  const leftOut = new LeftOutCount();
  const notes: string[] = [];
  const sheets: Sheet[] = [];
  const failed: SwathError[] = [];
  for (const document of documents) {
    const sheet = readSheet(document);
    if (sheet instanceof SwathError) failed.push(sheet);
    else sheets.push(sheet);
  }
  const first = countsFromOne(sheets) ? 1 : 0;
  const boxes = sheets.some(({ objects }) =>
    objects.some((object) => typeof object !== "string" && object.box),
  );
  if (boxes) {
    notes.push(
      first === 1
        ? "Pascal VOC: pixels are counted from 1, so 1 is taken off xmin and ymin"
        : "Pascal VOC: some edges are 0 or fractions, so boxes are taken as edges counted from 0",
    );
  }
  const images = sheets.map(({ path, size, objects }): ImageLabels => {
    const labels: DrawnLabel[] = [];
    objects.forEach((object, index) => {
      if (typeof object === "string") return leftOut.add(object, `${path}: object ${index}`);
      const { className, box, turned, ignore } = object;
      const corners =
        box === null
          ? turned
          : ([
              [box[0] - first, box[1] - first],
              [box[2], box[3]],
            ] as const);
      labels.push({ index, className, frame: "pixel", points: corners, ignore });
    });
    const image = path.replace(/\.[^./\\]*$/, "");
    return {
      image,
      file: path,
      isOwn: true,
      size,
      isSeenUpright: false,
      labels,
      lost: objects.length - labels.length,
    };
  });
  return { images, loose: [], leftOut: leftOut.list(), notes, failed };
};

/** Pascal VOC, as labelImg, Roboflow and CVAT write it, and its turned boxes in roLabelImg and FAIR1M. */
export const voc: LabelFormat = {
  name: "Pascal VOC",
  extensions: [".xml"],
  isOwn: true,
  hasClassNumbers: false,
  usualName: null,
  recognises: ({ text }) =>
    /^\uFEFF?\s*(?:<\?[^>]*>\s*|<!--[\s\S]{0,2000}?-->\s*)*<annotation[\s>]/.test(text.slice(0, 5000)),
  read: parseVoc,
};
