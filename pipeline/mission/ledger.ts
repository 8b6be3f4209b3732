import type { FrameRefusal } from "../link/frames/frame-security.ts";
import type { LinkUsage } from "../link/frames/metered.ts";
import type { OrderKindName } from "../orders/order.ts";
import type { OrderAnswer } from "../orders/order-answer.ts";
import type { BodyLedger } from "./body-ledger.ts";
import type { ModelLedger } from "./model-ledger.ts";
import type { OffloadUse } from "./offload.ts";
import type { CueTip } from "./cue-tips.ts";
import type { TipRoute } from "./cue-planner.ts";
import type { ProductKind } from "../product/product.ts";
import type { Bytes, Instant, Joules, Seconds } from "../units.ts";

/**
 * The ledgers of the simulation. They do not travel over the space link: what a mission would not know on the ground
 * (when the computer began, what was dropped on board) is written down here and handed over beside it.
 */

/** What became of one acquisition on board. */
export interface AcquisitionRecord {
  readonly index: number;
  /** Why the pixels could not be read; `null` when they could. */
  readonly failure: string | null;
  /** When the computer took it, and when it was done with it. Both the time of acquisition when the pixels could not be read. */
  readonly startedAt: Instant;
  readonly readyAt: Instant;
  /** What the camera took: pixels times bands. */
  readonly samples: number;
  /** The same, uncompressed, as the sensor hands them over. */
  readonly sensorBytes: Bytes;
  /** Envelopes of all tiles that hold a measurement, encoded without loss; `null` where nobody measured it. */
  readonly losslessBytes: Bytes | null;
  readonly tiles: number;
  /** Tiles left out because their cores hold no measurement (under every policy), or too much cloud. */
  readonly emptyTiles: number;
  readonly cloudyTiles: number;
  /** Sensor bytes of the cores left out for either reason. */
  readonly emptyBytes: Bytes;
  readonly cloudyBytes: Bytes;
  /** Tiles that the model saw on board. */
  readonly modelTiles: number;
  /** Found on board, tile duplicates merged. */
  readonly detections: number;
  /** The work of the computer: operations of networks, and samples through encoders and simple tests. */
  readonly operations: number;
  readonly encodedSamples: number;
  /** Work at full speed; power and heat may have stretched it over longer. */
  readonly computeSeconds: Seconds;
  /** Not given where no particle turns anything over. */
  readonly upsets?: UpsetRecord;
  /** Absent in a mission without tenants. */
  readonly tenancy?: AcquisitionTenancy;
  /** What each workload took of it; absent in a mission with one model. */
  readonly workloads?: readonly WorkloadRecord[];
  /** Whose camera took it, where that was another satellite: only the work is of the one whose ledger this is. */
  readonly origin?: string;
}

/** Whose budget held the quote of an acquisition, and whose did not. Amounts in millionths of the currency. */
export interface AcquisitionTenancy {
  readonly reserved: readonly { readonly tenant: string; readonly amount: number }[];
  /** `free`: what the tenant had left on board. */
  readonly refused: readonly { readonly tenant: string; readonly amount: number; readonly free: number }[];
}

/** What one of several workloads took of an acquisition. */
export interface WorkloadRecord {
  readonly workload: string;
  readonly tenant: string;
  /** Of the model, its part where several workloads share one. */
  readonly operations: number;
  /** With its part of all else that the computer did for the acquisition, and of weights that were loaded. */
  readonly computeSeconds: Seconds;
  /** Of `computeSeconds`, loading of weights. */
  readonly loadSeconds: Seconds;
  /** Of its classes, tile duplicates merged. */
  readonly detections: number;
}

/** What particles did to an acquisition, and to the weights since the one before. */
export interface UpsetRecord {
  /** Bits turned over, in all copies and check bits. */
  readonly weights: number;
  readonly tiles: number;
  /** Of both, put right before anything was computed with them, or by a reload afterwards. */
  readonly corrected: number;
  /** Times that the weights were loaded anew. */
  readonly reloads: number;
  /** Tiles of which the onboard model put out what are not numbers. */
  readonly lostTiles: number;
  /** Sensor bytes of their cores. */
  readonly lostBytes: number;
  /** Of `computeSeconds`, what protection took. */
  readonly protectionSeconds: Seconds;
}

/** Every product made on board, and where it ended. */
export interface ProductRecord {
  readonly number: number;
  readonly kind: ProductKind;
  readonly acquisition: number;
  readonly tile: number | null;
  readonly readyAt: Instant;
  /** Of `computeSeconds` of its acquisition, what had been done by then. */
  readonly workAt: Seconds;
  /** What it was held to be worth on board. */
  readonly value: number;
  /** Bytes of the envelope. */
  readonly size: Bytes;
  /** `handed-over`: to another satellite, whose ledger goes on with it. */
  readonly fate: "delivered" | "on-board" | "store-full" | "handed-over";
  /** Who made it, where that was another satellite. */
  readonly origin: string | null;
  /** When the ground requested it; absent for what the policy sends without a request. */
  readonly askedAt?: Instant;
  /** When it was evicted, or handed over; in missions for tenants. */
  readonly leftAt?: Instant;
  /** Of the envelope of what was delivered (`productDigest`); absent where there are no pixels. */
  readonly digest?: string;
}

/** A scene as the sensor handed it over, kept in case its pixels are requested. */
export interface CaptureRecord {
  readonly acquisition: number;
  readonly size: Bytes;
  /** `null`: on board to the end. */
  readonly givenUpAt: Instant | null;
}

/** The requests to a satellite. */
export interface AskedLedger {
  readonly captures: readonly CaptureRecord[];
  readonly tiles: readonly {
    readonly acquisition: number;
    readonly tile: number;
    /** When the satellite heard of it. */
    readonly at: Instant;
    /** `gone`: its scene had been given up; `unreadable`: it could not be read again. */
    readonly answer: "made" | "gone" | "unreadable";
  }[];
  /** Telecommand bytes of the requests, coding included. */
  readonly uplink: Bytes;
  /** Work at full speed, and samples through the encoder. */
  readonly computeSeconds: Seconds;
  readonly encodedSamples: number;
}

/** One order that a satellite heard, and what it said of it. */
export interface OrderRecord {
  readonly id: string;
  readonly kind: OrderKindName;
  readonly tenant: string;
  /** The contact that brought it up, and when all of it was on board. */
  readonly contact: string;
  readonly heardAt: Instant;
  /** In order of time. */
  readonly answers: readonly OrderAnswer[];
  /** When a station had each answer, in the order of `answers`; shorter where the last ones never came down. */
  readonly toldAt: readonly Instant[];
}

/** What one order took of the uplink in one contact, whether it came to be on board or not. */
export interface OrderSending {
  readonly order: string;
  readonly tenant: string;
  readonly contact: string;
  /** When the contact was locked. */
  readonly at: Instant;
  /** With coding, each time that a frame was sent. */
  readonly bytes: Bytes;
}

/** What a satellite heard of orders, and what that took of the links. */
export interface OrdersLedger {
  /** In the order in which they were heard. */
  readonly orders: readonly OrderRecord[];
  /** Telecommand frames with orders, sent again or not: `bytes` with coding; the time in which they came in. */
  readonly uplink: {
    readonly bytes: Bytes;
    readonly frames: number;
    readonly lostFrames: number;
    readonly receiveSeconds: Seconds;
  };
  /** Frames down that acknowledge orders and answer them; not part of `contacts`. */
  readonly answers: {
    readonly bytes: Bytes;
    readonly frames: number;
    readonly lostFrames: number;
    readonly transmitSeconds: Seconds;
  };
  /** Of the receiver while orders came in. */
  readonly receiveEnergy: Joules;
  /** What each order took of the uplink, which adds up to its bytes; in missions for tenants. */
  readonly sent?: readonly OrderSending[];
}

/** A tip that a satellite raised, and who is to follow it as far as that can be known on board. */
export interface TipRecord extends CueTip {
  /** How the follower hears of it; `null`: nobody flies over in time. */
  readonly route: TipRoute | null;
  /** Who flies over first; by way of the ground the mission centre has the last word. */
  readonly follower: string | null;
}

/** What a satellite was told to look at by another one, or by itself. */
export interface FollowRecord {
  readonly tip: CueTip;
  readonly route: "own" | "crosslinks";
  /** When it was on board. */
  readonly heardAt: Instant;
  /** The acquisition that it became; `null`: the camera had no moment for it, or it came too late. */
  readonly acquisition: number | null;
}

/** What cues came to on board of one satellite. */
export interface CueLedger {
  /** In the order in which they stood on board. */
  readonly tips: readonly TipRecord[];
  readonly followed: readonly FollowRecord[];
  /** Tips sent to other satellites, every hop of every one. */
  readonly across: { readonly messages: number; readonly bytes: Bytes };
}

/** What a satellite sent in one contact. */
export interface ContactUse extends LinkUsage {
  readonly contact: string;
  readonly turns: number;
  /** Turns that the station never answered. */
  readonly silentTurns: number;
  readonly transmitSeconds: Seconds;
}

/** What a satellite sent to others. */
export interface CrosslinkUse {
  readonly handedOver: number;
  /** Envelopes handed over, whole. */
  readonly bytes: Bytes;
  readonly transmitSeconds: Seconds;
  /** Terminals turning to others or linked to them, sending or not: summed over terminals. The energy is theirs. */
  readonly terminalSeconds: Seconds;
  readonly energy: Joules;
}

/** All that one satellite did over the horizon: acquisitions, products, contacts, energy. */
export interface SatelliteLedger {
  readonly schema: "swath-satellite-ledger/1";
  readonly satellite: string;
  readonly acquisitions: readonly AcquisitionRecord[];
  readonly products: readonly ProductRecord[];
  readonly contacts: readonly ContactUse[];
  /** Besides what the platform draws when they rest: the same joules as in `body.loads`. */
  readonly energy: { readonly camera: Joules; readonly compute: Joules; readonly radio: Joules };
  /** What power and heat did; `null` where the spacecraft takes both for granted. */
  readonly body: BodyLedger | null;
  /** `null` where satellites do not talk to each other. */
  readonly crosslinks: CrosslinkUse | null;
  /** Absent where each satellite computes its own tiles. */
  readonly offload?: OffloadUse;
  /** Absent where the ground requests nothing. */
  readonly asked?: AskedLedger;
  /** Absent in a mission without orders. */
  readonly orders?: OrdersLedger;
  /** Absent where no model came up. */
  readonly models?: ModelLedger;
  /** Absent in a mission without cues. */
  readonly cues?: CueLedger;
}

/** What one station heard of one satellite: `frames = accepted + corrupt + lost`. */
export interface StationCount {
  readonly satellite: string;
  readonly frames: number;
  readonly acceptedFrames: number;
  /** Of the accepted ones, those that Reed–Solomon put right. */
  readonly correctedFrames: number;
  readonly corruptFrames: number;
  /** Of segments of which nothing was heard. */
  readonly lostFrames: number;
  readonly reports: number;
  /** Telecommand bytes sent up, coding included. */
  readonly uplink: Bytes;
}

/** The ledger of one station, satellites in order of their ids; those that it never served are not named. */
export interface StationLedger {
  readonly schema: "swath-station-ledger/1";
  readonly station: string;
  readonly satellites: readonly StationCount[];
  /** Frames that did not prove genuine, by reason; absent where all did. They are none of those above but as corrupt ones. */
  readonly refused?: Readonly<Partial<Record<FrameRefusal, number>>>;
}
