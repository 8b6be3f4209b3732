import { z } from "zod";
import { SwathError } from "../errors.ts";

/** Version tag of a mission record; a reader that finds another one must not guess. */
export const missionVersion = "swath-mission/1";

const seconds = z.number();
const count = z.int().nonnegative();

/** A file of columns (`pipeline/column-file.ts`). */
const partSchema = z.strictObject({
  /** Relative to the folder of the record. */
  file: z.string(),
  bytes: count,
  /** Rows by table, here and in all parts of the same group before it: what comes before need not be read to be counted. */
  rows: z.record(z.string(), count),
  before: z.record(z.string(), count),
  /** Of the moments from which its rows hold, seconds from the start of the horizon: no row of another part of its group lies within. */
  from_s: seconds,
  to_s: seconds,
});

const policySchema = z.strictObject({
  /** Names its folder. */
  label: z.string(),
  name: z.string(),
  /** What it sends, in words. */
  sends: z.string(),
  /** Where the model runs. */
  where: z.enum(["board", "ground"]),
  state: z.enum(["ahead", "at work", "flown", "failed"]),
  /** Everything up to here is in the parts; the head of a run at work. Equal to the end of the horizon once it is flown. */
  through_s: seconds,
  /** The same of publications and detections: where the ground detects, they are known once the flight is over. */
  published_through_s: seconds,
  /** And of `body`. */
  body_through_s: seconds,
  /** What nobody told of, a line each; absent where the record is whole. */
  left_out: z.array(z.string()).optional(),
  /** Of a policy at work: nodes in other processes of which nothing is heard, since when by the clock (UTC), and through which moment they are known. */
  silent: z
    .array(
      z.strictObject({
        kind: z.enum(["satellite", "station"]),
        id: z.string(),
        since: z.string(),
        through_s: seconds,
      }),
    )
    .optional(),
  events: z.array(partSchema),
  detections: z.array(partSchema),
  body: z.array(partSchema),
});

const spacecraftSchema = z.strictObject({
  name: z.string(),
  /** How many of its figures are published; null where nobody knows. */
  published_figures: count.nullable(),
  figures: count.nullable(),
  computer: z.string(),
  store_bytes: z.number(),
  /** Null where power is taken for granted. */
  battery: z.strictObject({ capacity_j: z.number(), floor: z.number(), initial: z.number() }).nullable(),
  /** Null where temperature is taken for granted. */
  heat: z.strictObject({ slows_from_k: z.number(), stops_at_k: z.number() }).nullable(),
  /** Null without crosslinks. */
  terminals: z.strictObject({ count, rate_bits_per_s: z.number(), max_range_m: z.number() }).nullable(),
});

const stationSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  longitude_deg: z.number(),
  latitude_deg: z.number(),
  altitude_m: z.number(),
  min_elevation_deg: z.number(),
  /** [azimuth, elevation] in degrees where the ground stands higher than the mask. */
  horizon: z.array(z.tuple([z.number(), z.number()])).nullable(),
  antennas: z.int().positive(),
  turnaround_s: seconds,
});

/** Zod schema of `mission/head.json`. */
export const missionHeadSchema = z.strictObject({
  schema: z.literal(missionVersion),
  run: z.string(),
  command: z.enum(["replay", "compare", "demo", "upsets", "simulate"]),
  state: z.enum(["at work", "finished", "failed", "interrupted"]),
  /** What ended it; null unless it failed. */
  failure: z.string().nullable(),
  /** Counts up with every change while the run is at work; greater than all these once it is finished. */
  revision: count,
  /** `counts`: a simulation, without pixels, scenes and detections. */
  shows: z.enum(["pixels", "counts"]),
  seed: z.int(),
  horizon: z.strictObject({
    /** ISO 8601, UTC. */
    from: z.string(),
    to: z.string(),
    /** Of `from`, UTC seconds since 1970; and how long it is. */
    epoch_s: seconds,
    length_s: seconds,
  }),
  dataset: z.strictObject({ name: z.string(), scenes: count }).nullable(),
  model: z.strictObject({ name: z.string(), version: z.string(), precision: z.string() }).nullable(),
  classes: z.array(z.string()),
  /** As asked for. */
  constellation: z.string(),
  /** Names, in the order that all tables count them in. */
  satellites: z.array(z.string()),
  spacecraft: spacecraftSchema,
  /** The camera as the schedule takes it; null where a satellite takes what it is told to. `assumed`: what nobody stated. */
  camera: z
    .strictObject({
      swath_m: z.number(),
      off_nadir_deg: z.number(),
      sun_above_deg: z.number().nullable(),
      assumed: z.array(z.string()),
    })
    .nullable(),
  /** As asked for. */
  network: z.string(),
  stations: z.array(stationSchema),
  /** The rate model in words. */
  link: z.string(),
  crosslinks: z.strictObject({ topology: z.string(), epoch_s: seconds }).nullable(),
  /** Kinds of products, by their place in `products.kind`; `colour`: whose colour each has. */
  kinds: z.array(
    z.strictObject({
      kind: z.string(),
      name: z.string(),
      colour: z.enum(["detections", "chips", "lossless", "lossy"]),
    }),
  ),
  /**
   * How the saving's yardstick is framed: `bytes` on the link for each `holds` bytes of lossless tiles, with `per_product` more for each of these
   * (`pipeline/link/frames/framed-size.ts`).
   */
  framing: z.strictObject({ bytes: count, holds: count, per_product: count }),
  /** Files of the plan. */
  plan: z.strictObject({
    orbits: partSchema,
    contacts: partSchema,
    crosslinks: partSchema.nullable(),
    scenes: partSchema,
    acquisitions: partSchema,
    /** Absent in a mission without orders. */
    orders: partSchema.optional(),
  }),
  /** Who uses the mission; absent where nobody in particular does. */
  tenants: z
    .strictObject({
      currency: z.string(),
      list: z.array(z.strictObject({ id: z.string(), budget: z.number(), weight: z.number() })),
    })
    .optional(),
  /** In the order in which they are flown. Of a simulation: `direct`, and `mesh` where there are crosslinks. */
  policies: z.array(policySchema),
});

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;

/** The head of a mission record, `mission/head.json`: what a page needs first, and where the rest lies. */
export type MissionHead = Immutable<z.infer<typeof missionHeadSchema>>;

/** One policy of a record. */
export type MissionPolicy = MissionHead["policies"][number];

/** One file of a record. */
export type MissionPart = Immutable<z.infer<typeof partSchema>>;

/** Throws `SwathError("storage")` naming the first field that does not fit. */
export const parseMissionHead = (value: unknown, source: string): MissionHead => {
  const result = missionHeadSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new SwathError("storage", {
    what: `${source} is no ${missionVersion}${issue === undefined ? "" : ` at ${issue.path.map(String).join(".")}`}`,
    ...(issue ? { got: issue.message } : {}),
    hint: "fly the run again with this release of swath",
    cause: result.error,
  });
};
