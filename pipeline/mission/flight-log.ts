import type { ProductKind } from "../product/product.ts";
import type { Acquisition } from "../orbit/acquisition.ts";
import type { Instant, Seconds } from "../units.ts";
import type { Wait } from "./body-ledger.ts";
import type { AcquisitionRecord, AskedLedger } from "./ledger.ts";
import type { ModelChange } from "./model-ledger.ts";

/** Names a product in a run under one policy, whoever has it. */
export interface ProductName {
  readonly acquisition: number;
  readonly kind: ProductKind;
  /** `null` for what belongs to the whole acquisition. */
  readonly tile: number | null;
}

/** A product that the computer has made. */
export interface ProductMade extends ProductName {
  readonly readyAt: Instant;
  /** Of the envelope. */
  readonly size: number;
  readonly value: number;
  /** When the ground's request for it was heard; `null` for what the policy sends without one. */
  readonly askedAt: Instant | null;
}

/** One hop over a crosslink, and when it was under way. */
export interface HopTime {
  readonly from: string;
  readonly to: string;
  readonly start: Instant;
  readonly end: Instant;
}

/** One satellite sent to a station, and asked what was missed. */
export interface TurnFact {
  readonly type: "turn";
  readonly contact: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly frames: number;
  readonly lostFrames: number;
  readonly heard: boolean;
  /** On the link, framing included; of it what was sent again. */
  readonly bytes: number;
  readonly resentBytes: number;
  /** Bytes of envelopes, first sent or again. */
  readonly carried: Readonly<Partial<Record<ProductKind, number>>>;
}

/**
 * What happens to one satellite, told by time for people who watch: the mission record is made of it. Nothing here is a result, and nothing
 * in a flight depends on whether anybody listens. Plain JSON.
 */
export type FlightFact =
  | {
      readonly type: "acquisition";
      readonly acquisition: Acquisition;
      readonly record: AcquisitionRecord;
      readonly products: readonly ProductMade[];
    }
  /** Tiles that the ground requested, with the products made of them. */
  | {
      readonly type: "requests";
      readonly answers: AskedLedger["tiles"];
      readonly products: readonly ProductMade[];
    }
  | TurnFact
  /** A full store gave it up. */
  | {
      readonly type: "evicted";
      readonly at: Instant;
      readonly product: ProductName;
      readonly bytes: number;
      readonly reason: string;
    }
  /** A scene that was kept in case its pixels are requested had to go. */
  | {
      readonly type: "given up";
      readonly at: Instant;
      readonly acquisition: number;
      readonly bytes: number;
    }
  /** A way to the ground over crosslinks: `to` has it from `handOverAt` on. */
  | {
      readonly type: "route";
      readonly at: Instant;
      readonly product: ProductName;
      readonly to: string;
      readonly handOverAt: Instant;
      readonly station: string;
      readonly landsAt: Instant;
    }
  | {
      readonly type: "handed over";
      readonly at: Instant;
      readonly product: ProductName;
      readonly bytes: number;
      readonly to: string;
      readonly hops: readonly HopTime[];
    }
  /** Tiles of an acquisition go to another satellite to be computed there, which has them from `arrival` on. */
  | {
      readonly type: "tiles given";
      readonly at: Instant;
      readonly acquisition: number;
      readonly tiles: number;
      readonly bytes: number;
      readonly to: string;
      readonly arrival: Instant;
      readonly hops: readonly HopTime[];
    }
  /** What becomes of an order on board; `told`: the ground has the latest of it. That its deadline has passed follows from the order. */
  | {
      readonly type: "order";
      readonly at: Instant;
      readonly order: string;
      readonly state: "heard" | "accepted" | "refused" | "done" | "told";
      /** Of `refused`. */
      readonly why: string;
    }
  /** A model is at work from `at` on. */
  | ({ readonly type: "model" } & ModelChange)
  /** What a tenant was charged on board for an acquisition, or that its budget did not hold it; millionths of the currency. */
  | {
      readonly type: "payment";
      readonly at: Instant;
      readonly acquisition: number;
      readonly tenant: string;
      readonly charged: number;
      readonly reserved: number;
      readonly refused: boolean;
    }
  /** Told of flights without pixels alone: else the mission centre knows. */
  | {
      readonly type: "landed";
      readonly product: ProductName;
      readonly station: string;
      readonly firstSentAt: Instant;
      readonly completedAt: Instant;
      readonly atCentre: Instant;
    };

/** Takes in what happens to one satellite. */
export interface FlightLog {
  readonly tell: (fact: FlightFact) => void;
  /** Battery and computer at a full minute, counted from the start of the horizon; in order. */
  readonly sample: (minute: number, charge: number, temperature: number) => void;
  /** The computer had work and stood still; a long wait comes in pieces. */
  readonly stoodStill: (wait: Wait) => void;
  /** Whatever happened before `t` has been told. */
  readonly through: (t: Instant) => void;
}

/** What is looked at each minute. */
export const sampleEvery = 60 as Seconds;
