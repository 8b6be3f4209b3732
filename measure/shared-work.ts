import type { SatelliteLedger } from "../pipeline/mission/ledger.ts";
import type { Computer } from "../pipeline/mission/spacecraft.ts";
import { workingPower } from "../pipeline/mission/working-power.ts";
import { sumOf } from "./statistics.ts";

/** What satellites gave away, sent and computed for each other; absent from a ledger where each computes its own tiles. */
export const sharedWorkOf = (satellites: readonly SatelliteLedger[], computer: Computer) => {
  const shared = satellites.flatMap(({ offload }) => offload ?? []);
  if (shared.length === 0) return null;
  const given = shared.flatMap((use) => use.given);
  const computeSeconds = sumOf(satellites, ({ acquisitions }) =>
    sumOf(acquisitions, (record) => (record.origin === undefined ? 0 : record.computeSeconds)),
  );
  return {
    acquisitions: given.length,
    tiles: sumOf(given, ({ tiles }) => tiles),
    pixelBytes: sumOf(given, ({ bytes }) => bytes),
    crossedBytes: sumOf(shared, ({ sent }) => sent.bytes),
    transmitSeconds: sumOf(shared, ({ sent }) => sent.transmitSeconds),
    computeSeconds,
    computeJoules: workingPower(computer) * computeSeconds,
  };
};
