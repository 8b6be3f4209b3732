import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import type { LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import type { FlightLog } from "../../pipeline/mission/flight-log.ts";
import type { SatelliteEvent } from "../../pipeline/mission/satellite-event.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { ToldAnswers } from "../../pipeline/orders/order-answers-wire.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import type { Instant } from "../../pipeline/units.ts";
import type { TileBatch } from "../../pipeline/mission/offload.ts";
import type { CueBoard } from "../cues/cue-board.ts";
import type { AskPorts } from "./asked-tiles.ts";
import type { Transmitter } from "./downlink.ts";
import type { QueueRules } from "./timeline.ts";
import type { Inventory, MadeProduct } from "./inventory.ts";
import type { OrderLink, OrderPorts } from "../orders/order-queue.ts";
import type { BoardTenancy } from "../tenancy/board-tenancy.ts";
import type { Body } from "../platform/body.ts";
import type { WorkClock } from "./work-clock.ts";
import type { TerminalStretch } from "./terminal-stretches.ts";

/** What one satellite has before it: plain data, but for the body that it flies in. */
export interface FlightPlan {
  readonly satellite: string;
  readonly spacecraft: Spacecraft;
  readonly rate: LinkRate;
  /** Of the link: what it takes of every frame. */
  readonly protection: LinkProtection;
  readonly from: Instant;
  readonly to: Instant;
  readonly acquisitions: readonly Acquisition[];
  /** Of this satellite, in order of `aos`. */
  readonly contacts: readonly Contact[];
  /** When a terminal for crosslinks is on, in order of `from`; empty where satellites do not talk to each other. */
  readonly terminalsOn: readonly TerminalStretch[];
  /** `null`: power and heat are taken for granted. */
  readonly body: Body | null;
  /** Quotas and fair shares of those who use the mission; absent where nobody in particular does. */
  readonly tenancy?: BoardTenancy;
  /** How urgent acquisitions are in a mission without tenants; absent where all are alike. */
  readonly priorities?: QueueRules;
}

/** Where an acquisition is worked on. */
export interface Workbench {
  /** Tells when so much work is done. */
  readonly clock: WorkClock;
  /** Called once, before any work: how many samples the camera took, and the bytes of those that the ground may request. */
  readonly captured: (samples: number, sensorBytes: number) => void;
  /** Takes a product in, in the order in which they are ready. */
  readonly keep: (product: MadeProduct) => void;
  /** Whose work is done on it; absent in a mission without tenants. */
  readonly tenants?: readonly string[];
}

/** What a flight needs from outside: with pixels in a replay, with measured figures in a simulation. */
export interface FlightPorts {
  /** Runs one acquisition through the computer. What was kept of one whose record tells of a failure is taken back. */
  readonly work: (acquisition: Acquisition, bench: Workbench) => Promise<AcquisitionRecord>;
  /** What an acquisition asks of a computer, before anybody has looked at it; absent where each satellite computes its own. */
  readonly estimate?: (acquisition: Acquisition) => Promise<TileBatch | null>;
  /** Given the inventory, how planned turns reach the ground. */
  readonly transmitter: (inventory: Inventory) => Transmitter;
  /** Absent where the ground requests nothing. */
  readonly asks?: AskPorts;
  /** Absent in a mission without orders. */
  readonly orders?: Pick<OrderLink, "errors" | "seed"> & { readonly ports: OrderPorts };
  /** Absent in a mission without cues. */
  readonly cues?: CueBoard;
  /** Told at the end of each contact that all before `t` has been said, and which answers to orders came down in it; absent where nobody waits for it. */
  readonly through?: (t: Instant, told: ToldAnswers | null) => Promise<void>;
  readonly notify: (event: SatelliteEvent) => void;
  /** Waits until the wall clock has come to mission time `t`; returns at once when nobody watches. */
  readonly pace: (t: Instant) => Promise<void>;
  /** Who writes down what happens; it changes nothing. */
  readonly log?: FlightLog;
  readonly signal: AbortSignal;
}
