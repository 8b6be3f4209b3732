import type { Bytes } from "../../units.ts";
import { bytes } from "../../units.ts";
import { telecommandBytes } from "./turn-report.ts";
import type { LinkProtection } from "../frames/link-protection.ts";
import { varintBytes } from "../frames/varint.ts";

/** A tile that the ground wants to see, by its place in the schedule and in the scene's tile plan. */
export interface TileRequest {
  readonly acquisition: number;
  readonly tile: number;
}

/** What a station requests of a satellite when a contact opens: often nothing. */
export interface TileRequests {
  /** `Contact.id`. */
  readonly contact: string;
  readonly requests: readonly TileRequest[];
}

/** The numbers of requests that go up as varints: how many, then acquisition and tile of each. */
export const requestNumbers = (requests: readonly TileRequest[]): readonly number[] => [
  requests.length,
  ...requests.flatMap(({ acquisition, tile }) => [acquisition, tile]),
];

const sizeOf = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + varintBytes(n), 0);

/** Bytes on the uplink; 0 for no request, since then nothing is said. */
export const requestBytes = (requests: readonly TileRequest[], protection: LinkProtection = "none"): Bytes =>
  requests.length === 0 ? bytes(0) : telecommandBytes(sizeOf(requestNumbers(requests)), protection);
