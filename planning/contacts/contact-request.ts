import { SwathError } from "../../pipeline/errors.ts";
import { formatInstant, type Instant } from "../../pipeline/units.ts";
import type { AllotmentOptions } from "./antenna.ts";
import type { ContactRadio } from "../../pipeline/mission/contact-terms.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { elementBounds } from "../orbits/element-bounds.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";

/** What a contact plan is made for. */
export interface ContactRequest extends Partial<AllotmentOptions> {
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  /** Of every satellite: what it says of acquisition and uplink counts where a station does not. */
  readonly radio: ContactRadio;
  readonly from: Instant;
  readonly to: Instant;
  /** Looked at between satellites. */
  readonly signal?: AbortSignal;
  /** Called after each satellite. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Metres above the ellipsoid: the shore of the Dead Sea, and over the highest observatory, at 5,640 m. */
export const lowestGround = -500;
/** The highest ground a station may stand on, in metres above the ellipsoid. */
export const highestGround = 6000;

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
  requireRange(`${path}.altitude in metres`, station.altitude, lowestGround, highestGround);
  requireRange(`${path}.antennas`, station.antennas, 0, 1000);
};

/** Readers of elements refuse these as well, by line or field. */
const requireElements = ({ id, elements }: Satellite): void => {
  for (const name of ["eccentricity", "meanMotion"] as const) {
    const { wanted, allows } = elementBounds[name];
    const value = elements[name];
    if (allows(value)) continue;
    throw new SwathError("orbit", { what: `satellites["${id}"].elements.${name}`, wanted, got: `${value}` });
  }
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
