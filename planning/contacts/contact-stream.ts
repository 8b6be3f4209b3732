import type { Instant } from "../../pipeline/units.ts";
import type { ContactPlan, GroundStation } from "../../pipeline/orbit/contact.ts";
import { ephemerisOf, gridOf, newEphemerisRoom } from "../../pipeline/orbit/ephemeris.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { staleElements } from "../orbits/expiry.ts";
import { defaultAllotment, ranksOf } from "./antenna.ts";
import { contactsOf, lockedStations } from "./contact-plan.ts";
import { requireRequest, type ContactRequest } from "./contact-request.ts";
import { openFairStream } from "./fair-stream.ts";
import { searchPasses } from "./pass.ts";
import { field, newPassTable, passFields, type PassTable } from "./pass-table.ts";
import { watchFrom } from "./visibility.ts";

/** Satellites whose passes are searched for in one piece. */
export interface SearchPiece {
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * All passes of some satellites, which the rows count from 0, satellite by satellite in time order.
 *
 * @throws SwathError("orbit") for a satellite that has decayed
 */
export const searchPiece = ({ satellites, stations, from, to }: SearchPiece): PassTable => {
  const watches = stations.map(watchFrom);
  const room = newEphemerisRoom();
  const passes = newPassTable(satellites.length * stations.length * 4);
  for (const [index, satellite] of satellites.entries()) {
    // A copy: what SGP4 derives from elements is kept as long as they are, three kilobytes a satellite.
    const ephemeris = ephemerisOf({ ...satellite }, from, to, room);
    for (const [place, watch] of watches.entries()) searchPasses(ephemeris, watch, index, place, passes);
  }
  return passes;
};

/** What a stream of passes goes through. */
export interface ContactStreamPorts {
  /** Passes of the pieces, in their order; in this thread (`searchPiece`) or on others. */
  readonly search: (pieces: Iterable<SearchPiece>) => AsyncIterable<PassTable>;
  /** Takes every pass, antenna or not; rows count satellites by their place in the request. Not kept any longer than it takes. */
  readonly onPasses?: (passes: PassTable) => Promise<void>;
}

/** Satellites a piece: some milliseconds of work, a few megabytes of passes. */
const pieceLength = 250;

/**
 * `planContacts` under the rule `fair`, to the last bit, in memory that does not grow with the passes: a million satellites over a network make two hundred million.
 *
 * @throws SwathError as `planContacts` does
 */
export const streamContacts = async (
  request: Omit<ContactRequest, "rule">,
  { search, onPasses }: ContactStreamPorts,
): Promise<ContactPlan> => {
  const { satellites, from, to, signal, onProgress } = request;
  requireRequest(request);
  staleElements(satellites, from, to);
  const stations = lockedStations(request);
  const ranks = ranksOf(satellites.map(({ id }) => id));
  const order = new Uint32Array(satellites.length);
  for (const [index, rank] of ranks.entries()) order[rank] = index;

  function* pieces(): Generator<SearchPiece> {
    for (let first = 0; first < order.length; first += pieceLength) {
      const own = [...order.subarray(first, first + pieceLength)].map(
        (index) => satellites[index] as Satellite,
      );
      yield { satellites: own, stations, from, to };
    }
  }

  const fair = openFairStream(stations, { ...defaultAllotment, ...request });
  let first = 0;
  for await (const passes of search(pieces())) {
    signal?.throwIfAborted();
    const { rows, count } = passes;
    for (let row = 0; row < count; row++) {
      const i = row * passFields + field.satellite;
      rows[i] = order[first + (rows[i] as number)] as number;
    }
    for (let row = 0; row < count;) {
      const satellite = rows[row * passFields + field.satellite] as number;
      let end = row + 1;
      while (end < count && rows[end * passFields + field.satellite] === satellite) end++;
      fair.offer(satellite, { count: end - row, rows: rows.subarray(row * passFields, end * passFields) });
      row = end;
    }
    await onPasses?.(passes);
    first = Math.min(order.length, first + pieceLength);
    onProgress?.(first, order.length);
  }
  const { passes, rows } = fair.close();
  const watches = stations.map(watchFrom);
  const stepOf = (index: number) => gridOf(satellites[index] as Satellite, from, to).step;
  return { from, to, contacts: contactsOf(request, { stations, watches, passes, rows, stepOf }) };
};
