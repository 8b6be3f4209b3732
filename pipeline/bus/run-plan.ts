import type { Acquisition } from "../orbit/acquisition.ts";
import type { ContactPlan, GroundStation } from "../orbit/contact.ts";
import type { LinkRate } from "../link/rate.ts";
import type { Policy } from "../product/policy.ts";
import type { TileShape } from "../raster/tile-plan.ts";
import type { Bytes, Instant, Joules, Seconds, Watts } from "../units.ts";

/** The hardware of a satellite, as far as it costs time and energy. */
export interface HardwareProfile {
  readonly name: string;
  /** Operations per second that the computer reaches on a detector, multiply and add counted as two. */
  readonly opsPerSecond: number;
  /** Samples per second through an image encoder or a screening test. */
  readonly samplesPerSecond: number;
  /** Spent on each tile besides: memory, scheduling. */
  readonly tileOverhead: Seconds;
  readonly computePower: Watts;
  /** Direct-current power of the transmitter while it sends. */
  readonly radioPower: Watts;
  /** Camera and mass memory, for each megapixel of each band captured. */
  readonly captureEnergyPerMegasample: Joules;
  /** Ceiling of the onboard store. */
  readonly storeCapacity: Bytes;
}

/** Weather of the space link. All zero on a perfect one. */
export interface LinkErrors {
  readonly bitErrorRate: number;
  readonly segmentLossRate: number;
  /** Stretches in which a station hears nothing. */
  readonly outages: readonly { readonly station: string; readonly from: Instant; readonly to: Instant }[];
}

/**
 * Everything that a node must know to play its part, kept in the run's KV bucket under `plan`.
 * A result is a function of this value and of the dataset and model that it names.
 */
export interface RunPlan {
  readonly schema: "swath-plan/1";
  readonly runId: string;
  readonly seed: number;
  readonly policy: Policy;
  /** As the user named them; a node on another machine may be told where its own copy lies. */
  readonly dataset: string;
  readonly model: string;
  readonly modelSha256: string;
  readonly tile: TileShape;
  /** Detections below are not reported. */
  readonly scoreThreshold: number;
  /** For each scene the bands that the model wants, by the names the scene gives them, in the order of the model. */
  readonly bands: Readonly<Record<string, readonly string[]>>;
  readonly satellites: readonly string[];
  readonly stations: readonly GroundStation[];
  readonly acquisitions: readonly Acquisition[];
  readonly contacts: ContactPlan;
  readonly hardware: HardwareProfile;
  /** The processor on the ground that runs the model on imagery; time only, its energy is not counted. */
  readonly groundOpsPerSecond: number;
  readonly rate: LinkRate;
  readonly errors: LinkErrors;
  /** Whether every tile is also encoded without loss just to know its size: the yardstick, when `raw` is not run. */
  readonly measureLossless: boolean;
  /** Mission seconds per wall second; `null`: flat out. */
  readonly speed: number | null;
}
