import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import type { Instant } from "../../pipeline/units.ts";
import type { BodySnapshot } from "../platform/body.ts";
import type { DownlinkSnapshot } from "./downlink.ts";
import type { InventorySnapshot } from "./inventory.ts";

/** A flight between two calls of `advance`: plain data. What its ports remember is theirs to keep. */
export interface FlightSnapshot {
  readonly inventory: InventorySnapshot;
  readonly downlink: DownlinkSnapshot;
  readonly body: BodySnapshot | null;
  readonly records: readonly AcquisitionRecord[];
  /** Acquisitions that wait for the computer, and ends of contacts that lie ahead. */
  readonly waiting: number;
  readonly losses: number;
  readonly computerFree: Instant;
}
