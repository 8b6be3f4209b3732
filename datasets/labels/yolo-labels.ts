import { SwathError } from "../../pipeline/errors.ts";
import type { DrawnLabel } from "./drawn-label.ts";

/**
 * Reads one YOLO text file: a line an object, `class cx cy w h` as fractions of the image's sides; a sixth number is a
 * confidence and is passed over; a class and three or more pairs are a polygon. `classNames[class]` names the class,
 * `class-<n>` where it has none.
 * Throws `SwathError("label")` with file and line for anything else.
 */
export const parseYolo = (
  text: string,
  file: string,
  classNames: readonly string[] = [],
): readonly DrawnLabel[] =>
  text
    .split(/\r?\n/)
    .map((line, number) => ({ fields: line.trim().split(/\s+/), number }))
    .filter(({ fields }) => fields[0] !== "")
    .map(({ fields, number }, index) => {
      const [classId = NaN, ...values] = fields.map(Number);
      const [cx = 0, cy = 0, w = 0, h = 0] = values;
      const isPolygon = values.length >= 6 && values.length % 2 === 0;
      const isBox = values.length === 4 || values.length === 5;
      if (
        !Number.isInteger(classId) ||
        classId < 0 ||
        !values.every(Number.isFinite) ||
        !(isBox || isPolygon)
      ) {
        const wanted = "class cx cy w h as numbers";
        throw new SwathError("label", {
          what: `${file}: line ${number + 1}`,
          wanted,
          got: `"${fields.join(" ")}"`,
        });
      }
      const corners = [
        [cx - w / 2, cy - h / 2],
        [cx + w / 2, cy + h / 2],
      ] as const;
      const polygon = Array.from({ length: values.length >> 1 }, (_, i) => {
        return [values[2 * i] ?? 0, values[2 * i + 1] ?? 0] as const;
      });
      return {
        index,
        className: classNames[classId] ?? `class-${classId}`,
        frame: "unit",
        points: isPolygon ? polygon : corners,
        ignore: false,
      };
    });
