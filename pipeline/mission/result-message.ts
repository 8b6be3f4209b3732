import { z } from "zod";
import { SwathError } from "../errors.ts";
import { bytes, type Bytes } from "../units.ts";

/** Longest result that is read or written: an outline of some ten thousand points. */
export const longestResult: Bytes = bytes(1024 * 1024);

/** Tag and version of a result. */
export const resultVersion = "swath-result/2";

const time = (what: string) => z.string().describe(`${what}; UTC, RFC 3339`);
const point = z.tuple([z.number(), z.number()]).readonly();

/**
 * A detection as subscribers get it, on subject `result`: one JSON object a message, since anybody may read it with anything. Its tag and
 * version are its `schema`. The contract, and all that is made of it (JSON Schema, AsyncAPI, OpenAPI), is this one value.
 */
export const resultSchema = z
  .object({
    schema: z.literal(resultVersion),
    id: z
      .string()
      .describe("the same for the same detection, wherever it is met: <run>.<acquisition>.<16 hex digits>"),
    run: z.string().describe("<run>-<policy>: what subscribers and collections are named by"),
    policy: z.string(),
    scene: z.string().describe("name of the image in its dataset"),
    acquisition: z.int().min(0).describe("index in the run's schedule"),
    satellite: z.string(),
    station: z.string().describe("where the last byte of it came down"),
    class: z.string(),
    score: z.number().describe("0 to 1"),
    place: z
      .enum(["ground", "pixels"])
      .describe("pixels: the image does not say where it lies, and only the geometry in pixels is known"),
    box_px: z
      .tuple([z.number(), z.number(), z.number(), z.number()])
      .readonly()
      .describe("x0, y0, x1, y1 in pixels of the scene, x to the right, y down"),
    outline_px: z
      .array(point)
      .readonly()
      .nullable()
      .describe("[x, y] in pixels of the scene, clockwise, not closed; null where the model saw a box alone"),
    longitude: z
      .number()
      .nullable()
      .describe("of the centre of the box, degrees, WGS 84; null without a place"),
    latitude: z
      .number()
      .nullable()
      .describe("of the centre of the box, degrees, WGS 84; null without a place"),
    polygon: z
      .array(point)
      .readonly()
      .nullable()
      .describe(
        "[longitude, latitude] in degrees, not closed, counter-clockwise: the outline, else the box; null without a place",
      ),
    captured_at: time("when the satellite took the scene, mission time"),
    received_at: time("when subscribers could have it, mission time"),
    latency_s: z.number().describe("from captured_at to received_at, seconds"),
    model: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .exactOptional()
      .describe(
        "the beginning of the SHA-256 of the model that found it; absent in runs whose satellites are sent no models: theirs is the run's",
      ),
  })
  .readonly()
  .meta({ title: "A detection", description: "One object that a model saw in one acquisition." });

/** See `resultSchema`. */
export type ResultMessage = z.infer<typeof resultSchema>;

const requireBound = (length: number): void => {
  if (length <= longestResult) return;
  throw new SwathError("bus", {
    what: "result message is too long",
    wanted: `at most ${longestResult} bytes`,
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
  const parsed = resultSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const said = typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
  const [issue] = parsed.error.issues;
  throw new SwathError("bus", {
    what: "message is no result of this release",
    wanted:
      said === resultVersion
        ? `${issue?.path.map(String).join(".") ?? "fields"} of ${resultVersion}`
        : `schema "${resultVersion}"`,
    got:
      said === resultVersion ? (issue?.message ?? "others") : (JSON.stringify(said)?.slice(0, 60) ?? "none"),
    hint: "run the same release of swath on every node",
  });
};
