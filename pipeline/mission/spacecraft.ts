import type { Agility } from "../orbit/slew.ts";
import type { OpticalLink } from "../link/budget/optical-link.ts";
import type { LinkRate } from "../link/rate/link-rate.ts";
import type {
  BitsPerSecond,
  Bytes,
  BytesPerSecond,
  Degrees,
  Joules,
  JoulesPerKelvin,
  Kelvin,
  Metres,
  Millimetres,
  Seconds,
  SquareMetres,
  Watts,
  WattsPerKelvin,
} from "../units.ts";
import type { ProductClass } from "../product/product-kind.ts";

/**
 * A spacecraft as plain data: it stands in the plan of a run, and presets are values of it. Every satellite of a run is of
 * one kind.
 */
export interface Spacecraft {
  readonly name: string;
  readonly computer: Computer;
  readonly camera: Camera;
  readonly radio: Radio;
  readonly store: Store;
  /** `null`: power is taken for granted, and nothing ever waits for it. */
  readonly power: PowerSystem | null;
  /** `null`: temperature is taken for granted. */
  readonly heat: ThermalModel | null;
  /** `null`: no links between satellites. */
  readonly crosslink: CrosslinkTerminals | null;
  /** How fast it turns its camera; not given: as its class does (`swath presets`). */
  readonly agility?: Agility;
  /** Aluminium between the electronics and space. */
  readonly shielding: Millimetres;
}

/** Arithmetic that a network runs in. */
export type Precision = "fp32" | "fp16" | "int8";

/** The onboard computer, as far as it costs time and energy. */
export interface Computer {
  readonly name: string;
  /** Peak operations a second of one chip, multiply and add counted as two; a precision that is absent runs as the next wider one. */
  readonly peakOps: Readonly<Partial<Record<Precision, number>>>;
  /** Share of the peak that a small convolutional detector reaches, 0…1. */
  readonly utilisation: number;
  /** Work is spread evenly over this number. */
  readonly chips: number;
  /** Working memory of one chip, where it is known: a model that does not fit does not run. */
  readonly memory?: Bytes;
  /** What one chip reads of it: a large model is bound by the traffic of its weights. */
  readonly memoryBandwidth?: BytesPerSecond;
  /** Samples a second through an image encoder or a simple test. */
  readonly samplesPerSecond: number;
  /** Spent on each tile besides: memory, scheduling. */
  readonly tileOverhead: Seconds;
  /** Drawn while it works, all chips. */
  readonly power: Watts;
  /** Drawn while it is on and waits; part of the body's base load. */
  readonly idlePower: Watts;
}

/** The camera: energy, reach and the light that it needs. */
export interface Camera {
  /** Camera and mass memory, for each megapixel of each band captured. */
  readonly energyPerMegasample: Joules;
  /** Width on the ground, looking straight down. */
  readonly swath?: Metres;
  /** How far to either side it can be turned off the vertical; 0 for one that only looks down. */
  readonly offNadir?: Degrees;
  /** Share of its orbits, day and night, that it can image. */
  readonly duty?: number;
  /** What it needs to see: `day`, the Sun on the ground; `any`, nothing (radar, thermal). */
  readonly light?: CameraLight;
}

/** When the camera can take an acquisition: by day only, or in any light (radar, thermal). */
export type CameraLight = "day" | "any";

/** The transmitter of the downlink, and the receiver of the uplink. */
export interface Radio {
  /** Direct-current power of the transmitter while it sends. */
  readonly power: Watts;
  /** What the downlink runs at, unless the user says otherwise. */
  readonly rate: LinkRate;
  /** What its receiver takes of a station. */
  readonly uplink?: BitsPerSecond;
  /** From the start of a contact to the first frame through, where the station does not say. */
  readonly acquisition?: Seconds;
}

/** The mass memory: capacity, eviction and send order. */
export interface Store {
  readonly capacity: Bytes;
  /** What goes when a product does not fit; `lowest-priority` when not given. */
  readonly eviction?: EvictionRule;
  /** What is sent first; `strict` when not given. */
  readonly order?: SendOrder;
}

/**
 * What a full store gives up, of what no frame was sent of: images before chips before results and of those the latest;
 * what has waited longest, whatever it is; or what is worth least for the room that it takes.
 */
export type EvictionRule = "lowest-priority" | "oldest" | "lowest-value";

/** All eviction rules. */
export const evictionRules: readonly EvictionRule[] = ["lowest-priority", "oldest", "lowest-value"];

/**
 * What the radio sends first: results before chips before images; each class its share of the link by weight; or what is
 * worth most for its bytes. What is equal goes by age.
 */
export type SendOrder =
  | { readonly kind: "strict" }
  | { readonly kind: "value" }
  | { readonly kind: "weighted"; readonly weights: Readonly<Record<ProductClass, number>> };

/** How the solar array is turned: with the Earth-pointing body, after the sun, or at random. */
export type Attitude = "nadir" | "sun-tracking" | "tumbling";

/** Solar array and battery. */
export interface PowerSystem {
  readonly arrayArea: SquareMetres;
  /** Of the whole array: cells, packing, conversion; 0…1. */
  readonly arrayEfficiency: number;
  readonly attitude: Attitude;
  readonly battery: {
    readonly capacity: Joules;
    readonly chargeEfficiency: number;
    readonly dischargeEfficiency: number;
    /** State of charge below which the computer waits, 0…1. */
    readonly floor: number;
    /** At the start of the horizon, 0…1. */
    readonly initial: number;
  };
  /** Drawn besides computer, camera and transmitter. */
  readonly loads: {
    /** Always: bus, receiver on standby, computer idle. */
    readonly base: Watts;
    /** In a contact, besides: attitude control that points, receiver on. */
    readonly contact: Watts;
  };
}

/** One lump of mass at one temperature. */
export interface ThermalNode {
  readonly name: string;
  readonly heatCapacity: JoulesPerKelvin;
  /** Outer surface that radiates, all sides; 0 for a node inside. */
  readonly area: SquareMetres;
  /** Of sunlight, 0…1. */
  readonly absorptivity: number;
  /** In the infrared, 0…1. */
  readonly emissivity: number;
  readonly initial: Kelvin;
  /** Share of the bus's electrical power that ends as heat in this node; all nodes sum to 1. */
  readonly busShare: number;
  /** The same of the computer's. */
  readonly computerShare: number;
}

/** Nodes with a heat capacity, and the conductors between them. */
export interface ThermalModel {
  readonly nodes: readonly ThermalNode[];
  readonly conductors: readonly {
    readonly a: string;
    readonly b: string;
    readonly conductance: WattsPerKelvin;
  }[];
  /** The node whose temperature the computer minds. */
  readonly computerNode: string;
  /** From here on the computer works slower, linearly down to nothing at `stopAt`. */
  readonly throttleFrom: Kelvin;
  readonly stopAt: Kelvin;
}

/** The terminals for links to other satellites. */
export interface CrosslinkTerminals {
  readonly terminals: number;
  readonly rate: BitsPerSecond;
  readonly maxRange: Metres;
  /** The line of sight must clear the Earth by so much: atmosphere. */
  readonly clearance: Metres;
  /** Of one try to set a link up: slew and acquisition. */
  readonly pointingTime: Seconds;
  /** What a link runs at by its length, at most `rate` of its own; not given: `rate` at any length. */
  readonly optical?: OpticalLink;
  /** Share of tries to set a link up that succeed; 1 where it is not given. */
  readonly lockShare?: number;
  /** Of one terminal from the moment it turns to another satellite until it lets go of it, whether or not bits flow. */
  readonly power: Watts;
}
