import { z } from "zod";
import { SwathError } from "../errors.ts";
import { bytes, type Bytes } from "../units.ts";

/**
 * A detection as subscribers get it, on subject `result`: one JSON object a message, since anybody may read it with anything. Its tag and
 * version are its `schema`.
 */
export interface ResultMessage {
  readonly schema: "swath-result/1";
  readonly run: string;
  readonly policy: string;
  readonly scene: string;
  readonly acquisition: number;
  readonly satellite: string;
  readonly station: string;
  readonly class: string;
  readonly score: number;
  /** `pixels`: nobody knows where the image lies, and the geometry is that of its pixels, rows running down. */
  readonly place: "ground" | "pixels";
  /** x0, y0, x1, y1 in pixels of the scene. */
  readonly boxPx: readonly [number, number, number, number];
  /** Of the centre, degrees, WGS 84; `null` without georeference. */
  readonly longitude: number | null;
  readonly latitude: number | null;
  /** The outline where the model saw one, else the corners of the box; [longitude, latitude], not closed. */
  readonly polygon: readonly (readonly [number, number])[] | null;
  readonly capturedAt: string;
  readonly publishedAt: string;
}

/** Longest result that is read or written: an outline of some ten thousand points. */
const bound: Bytes = bytes(1024 * 1024);

const version = "swath-result/1";

const schema = z.object({
  schema: z.literal(version),
  run: z.string(),
  policy: z.string(),
  scene: z.string(),
  acquisition: z.int().min(0),
  satellite: z.string(),
  station: z.string(),
  class: z.string(),
  score: z.number(),
  place: z.enum(["ground", "pixels"]),
  boxPx: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  longitude: z.number().nullable(),
  latitude: z.number().nullable(),
  polygon: z.array(z.tuple([z.number(), z.number()])).nullable(),
  capturedAt: z.string(),
  publishedAt: z.string(),
});

const requireBound = (length: number): void => {
  if (length <= bound) return;
  throw new SwathError("bus", {
    what: "result message is too long",
    wanted: `at most ${bound} bytes`,
    got: `${length}`,
  });
};

/** Throws `SwathError("bus")` beyond the bound. */
export const encodeResultMessage = (result: ResultMessage): Uint8Array => {
  const message = Buffer.from(JSON.stringify(result));
  requireBound(message.length);
  return message;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Throws `SwathError("bus")` for a message that this release does not read. */
export const decodeResultMessage = (message: Uint8Array): ResultMessage => {
  requireBound(message.length);
  const value = parse(Buffer.from(message).toString());
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const said = typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
  const [issue] = parsed.error.issues;
  throw new SwathError("bus", {
    what: "message is no result of this release",
    wanted:
      said === version
        ? `${issue?.path.map(String).join(".") ?? "fields"} of ${version}`
        : `schema "${version}"`,
    got: said === version ? (issue?.message ?? "others") : (JSON.stringify(said)?.slice(0, 60) ?? "none"),
    hint: "run the same release of swath on every node",
  });
};
