import { parseInstant } from "../../pipeline/units.ts";
import type { FleetSummary, FlightSummary } from "./fleet-summary.ts";
import { formatBytes, formatCount, formatDuration, formatPercent } from "../../pipeline/format.ts";
import { codecOf } from "../../pipeline/product/product.ts";

/** What the fleet sent down, as a part of the baseline; `null` when nobody measured one. */
export const sentFractionOf = ({ bytes }: FlightSummary): number | null =>
  bytes.rawLosslessFramed === null || bytes.rawLosslessFramed === 0
    ? null
    : bytes.onLink / bytes.rawLosslessFramed;

/** Bytes of products that came down, as a part of those made; `null` when none were. */
export const deliveredFraction = ({ conservation }: FlightSummary): number | null =>
  conservation.producedBytes === 0 ? null : conservation.deliveredBytes / conservation.producedBytes;

/** Products on the ground, as a part of those made; `null` when none were. */
export const deliveredProducts = ({ delays }: FlightSummary): number | null => {
  const made = delays.reduce((sum, one) => sum + one.made, 0);
  return made === 0 ? null : delays.reduce((sum, one) => sum + one.delivered, 0) / made;
};

/** Whether detections were made on board: where the ground makes them, the books on board have none. */
export const foundOnBoard = ({ flights }: FleetSummary): boolean =>
  flights.some(({ delays }) => delays.some(({ kind }) => kind === "detections"));

/** Delays of what the policy is about: results where there are any, else tiles. */
export const leadingDelays = ({ delays }: FlightSummary): FlightSummary["delays"][number] | null =>
  delays[0] ?? null;

/** The requested flight: with crosslinks where there are any. */
export const leadingFlight = ({ flights }: FleetSummary): FlightSummary => flights.at(-1) as FlightSummary;

/** `straight down` or `with crosslinks`. */
export const flightName = ({ crosslinks }: FlightSummary): string =>
  crosslinks ? "with crosslinks" : "straight down";

/** A fleet in one sentence. */
export const fleetHeadline = (summary: FleetSummary): string => {
  const { workload, constellation, horizon } = summary;
  const flight = leadingFlight(summary);
  const hours = ((parseInstant(horizon.to) ?? 0) - (parseInstant(horizon.from) ?? 0)) / 3600;
  const share = sentFractionOf(flight);
  const sent = formatBytes(flight.bytes.onLink);
  const size = `${formatCount(constellation.satellites)} ${constellation.spacecraft} satellite${constellation.satellites === 1 ? "" : "s"}`;
  const volume =
    share === null ? `send ${sent}` : `send ${sent}, ${formatPercent(share)} of their lossless raw imagery`;
  const stations = `${formatCount(summary.stations.length)} station${summary.stations.length === 1 ? "" : "s"}`;
  return `${workload.policy}: ${size} ${volume}, to ${stations} in ${Number(hours.toFixed(2))} h.`;
};

/** How long after its picture a thing was there; `later`: not within the horizon. */
export const delayText = (seconds: number | null): string =>
  seconds === null ? "later" : formatDuration(seconds);

/** Half of all that was made, as half a sentence. */
const half = ({ medianSeconds }: FlightSummary["delays"][number]): string =>
  medianSeconds === null
    ? "later than the horizon"
    : `within ${formatDuration(medianSeconds)} of the picture`;

/** What stands beneath: how soon, and what crosslinks bought. */
export const fleetSubline = (summary: FleetSummary): string => {
  const lead = leadingFlight(summary);
  const delays = leadingDelays(lead);
  if (delays === null || delays.delivered === 0) return "Nothing reached the ground.";
  const kind = codecOf(delays.kind).name;
  const share = formatPercent(delays.delivered / delays.made);
  const direct = summary.flights[0] as FlightSummary;
  const before = leadingDelays(direct);
  if (!lead.crosslinks || before === null) {
    return `Half of all ${kind} were on the ground ${half(delays)}; ${share} came down, the slowest after ${delayText(delays.slowestSeconds)}.`;
  }
  return `With crosslinks half of all ${kind} are on the ground ${half(delays)} (${share} come down), straight down ${half(before)} (${formatPercent(before.delivered / before.made)}).`;
};
