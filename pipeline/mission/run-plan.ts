import type { ImageryReading } from "./imagery-reading.ts";
import type { ContactPlan, GroundStation } from "../orbit/contact.ts";
import type { LinkProtection } from "../link/frames/link-protection.ts";
import type { LinkRate } from "../link/rate/link-rate.ts";
import type { Satellite } from "../orbit/satellite.ts";
import type { Policy } from "./policy.ts";
import type { TileShape } from "../raster/tile-plan.ts";
import type { Instant, Seconds } from "../units.ts";
import type { AskPlan } from "./ask-plan.ts";
import type { TenancyPlan, WorkloadsPlan } from "./tenancy-plan.ts";
import type { OffloadRule } from "./offload.ts";
import type { OrderPlan } from "./order-plan.ts";
import type { Spacecraft } from "./spacecraft.ts";
import type { UpsetPlan } from "./upset-plan.ts";
import type { Acquisition } from "../orbit/acquisition.ts";
import type { CrosslinkPlan } from "../orbit/crosslink.ts";

/** Weather of the space link. All zero on a perfect one. */
export interface LinkErrors {
  readonly bitErrorRate: number;
  readonly segmentLossRate: number;
  /** Stretches in which a station hears nothing. */
  readonly outages: readonly { readonly station: string; readonly from: Instant; readonly to: Instant }[];
}

/** How the model that screens sees one scene. */
export interface SceneScreening {
  /** The bands that it wants, by the names the scene gives them, in its order. */
  readonly bands: readonly string[];
  /** Pixels to a side that are averaged into one before it looks. */
  readonly step: number;
}

/** The model that tells cloud from ground for policies that screen. */
export interface Screening {
  /** As the user named it. */
  readonly model: string;
  readonly modelSha256: string;
  /** The scenes that it can judge; all others are judged by brightness. */
  readonly scenes: Readonly<Record<string, SceneScreening>>;
}

/** Links between satellites. */
export interface MeshPlan {
  readonly crosslinks: CrosslinkPlan;
  /** Satellites exchange products at the end of each. */
  readonly epoch: Seconds;
  /** What no route brings to the ground within so long stays where it is. */
  readonly lookAhead: Seconds;
  /** Tiles may be computed by another satellite; absent: each computes its own. */
  readonly offload?: OffloadRule;
}

/**
 * Everything that a node must know to play its part, kept in the run's KV bucket under `plan`.
 * A result is a function of this value and of the dataset and model that it names.
 */
export interface RunPlan {
  readonly schema: "swath-plan/3";
  readonly runId: string;
  readonly seed: number;
  readonly policy: Policy;
  /** As the user named them; a node on another machine may be told where its own copy lies. */
  readonly dataset: string;
  /** What the user says of the imagery; the rest is as its files have it. */
  readonly reading: ImageryReading;
  readonly model: string;
  /** Where its network runs, as `--device` has it. */
  readonly device: string;
  readonly modelSha256: string;
  /** The classes that are reported, on board and on the ground; all when not given. */
  readonly classes?: readonly string[];
  readonly tile: TileShape;
  /** Detections below are not reported. */
  readonly scoreThreshold: number;
  /** For each scene the bands that the model wants, by the names the scene gives them, in the order of the model. */
  readonly bands: Readonly<Record<string, readonly string[]>>;
  /** `null`: brightness alone. */
  readonly screening: Screening | null;
  readonly satellites: readonly string[];
  /** Of the satellites, in their order: what power and heat on board follow from. */
  readonly orbits: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  readonly acquisitions: readonly Acquisition[];
  readonly contacts: ContactPlan;
  /** `null`: satellites do not talk to each other. */
  readonly mesh: MeshPlan | null;
  /** What every satellite of the run is. */
  readonly spacecraft: Spacecraft;
  /** The processors on the ground that run the model on imagery, one tile after the other; time only, no energy is counted. */
  readonly groundOpsPerSecond: number;
  readonly rate: LinkRate;
  /** Of the links down and up. */
  readonly protection: LinkProtection;
  readonly errors: LinkErrors;
  /** Which tiles the ground requests; `null`: none. */
  readonly ask: AskPlan | null;
  /** What the satellites are ordered to do; absent: nothing. */
  readonly orders?: OrderPlan;
  /** Absent in a mission without tenants. */
  readonly tenancy?: TenancyPlan;
  /** Absent in a mission with one model. */
  readonly workloads?: WorkloadsPlan;
  /** Bits that particles turn over on board; `null`: none. */
  readonly upsets: UpsetPlan | null;
  /** Whether every tile is also encoded without loss just to know its size: the yardstick, when `raw` is not run. */
  readonly measureLossless: boolean;
  /** Mission seconds per wall second; `null`: flat out. */
  readonly speed: number | null;
}
