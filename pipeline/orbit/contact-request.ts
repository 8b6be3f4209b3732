import { SwathError } from "../errors.ts";
import { formatInstant, type Instant } from "../units.ts";
import type { AllotmentOptions } from "./antenna.ts";
import type { GroundStation } from "./contact.ts";
import type { Satellite } from "./satellite.ts";

export interface ContactRequest extends Partial<AllotmentOptions> {
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  readonly from: Instant;
  readonly to: Instant;
  /** Looked at between satellites. */
  readonly signal?: AbortSignal;
  /** Called after each satellite. */
  readonly onProgress?: (done: number, total: number) => void;
}

const refuseTwins = (items: readonly { readonly id: string }[], kind: string): void => {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id)) {
      throw new SwathError("config", {
        what: `${kind} id "${id}" stands twice in the contact request`,
        wanted: `every ${kind} once`,
      });
    }
    seen.add(id);
  }
};

const requireRange = (path: string, value: number, low: number, high: number): void => {
  if (value >= low && value <= high) return;
  throw new SwathError("config", { what: path, wanted: `${low} … ${high}`, got: `${value}` });
};

/** Readers of files refuse these by line and field already; configurations and programs come this way only. */
const requireStation = (station: GroundStation): void => {
  const path = `stations["${station.id}"]`;
  requireRange(`${path}.minElevation in degrees`, station.minElevation, 0, 90);
  requireRange(`${path}.latitude in degrees`, station.latitude, -90, 90);
  requireRange(`${path}.longitude in degrees`, station.longitude, -360, 360);
  requireRange(`${path}.altitude in metres`, station.altitude, -500, 9000);
  requireRange(`${path}.antennas`, station.antennas, 0, 1000);
};

/** What no satellite has would cost time and memory before SGP4 gives up. */
const requireElements = ({ id, elements }: Satellite): void => {
  const refuse = (name: string, wanted: string, got: number): SwathError =>
    new SwathError("orbit", { what: `satellites["${id}"].elements.${name}`, wanted, got: `${got}` });
  const { eccentricity: e, meanMotion: n } = elements;
  if (!(e >= 0 && e < 1)) throw refuse("eccentricity", "0 ≤ e < 1", e);
  if (!(n > 0 && n <= 18)) throw refuse("meanMotion", "more than 0 and at most 18 revolutions a day", n);
};

/**
 * @throws SwathError("config") for an empty horizon, an identifier used twice, a station that cannot be: path and range
 * @throws SwathError("orbit") for elements of no closed orbit, by path and range
 */
export const requireRequest = ({ satellites, stations, from, to }: ContactRequest): void => {
  if (!(to > from)) {
    throw new SwathError("config", {
      what: "the horizon of the contact plan is empty",
      wanted: "an end after its start",
      got: `${formatInstant(from)} … ${formatInstant(to)}`,
    });
  }
  refuseTwins(satellites, "satellite");
  refuseTwins(stations, "station");
  for (const station of stations) requireStation(station);
  for (const satellite of satellites) requireElements(satellite);
};
