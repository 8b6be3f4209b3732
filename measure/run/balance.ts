import { SwathError } from "../../pipeline/errors.ts";
import type { SatelliteLedger, StationLedger } from "../../pipeline/mission/ledger.ts";
import type { ReceivedDigest } from "../../pipeline/mission/product-digest.ts";
import type { ContactPlan } from "../../pipeline/orbit/contact.ts";
import { sumOf } from "../statistics.ts";

/** What both ends of a run wrote down. */
export interface Books {
  readonly contacts: Pick<ContactPlan, "contacts">;
  readonly satellites: readonly SatelliteLedger[];
  readonly stations: readonly StationLedger[];
  /** Every product that came down whole. */
  readonly received: readonly ReceivedDigest[];
}

const differ = (wanted: string, got: string): SwathError =>
  new SwathError("link", {
    what: "the ledgers of space and ground differ",
    wanted,
    got,
    hint: "somebody else wrote to this run, or this is a bug of Swath: with --keys nobody can; without, please report it with the command and its seed",
  });

/** Product by product: what a satellite holds for delivered is what the ground put together, to the last bit, and nothing else is. */
const requireProducts = ({ satellites, received }: Books): void => {
  const onGround = new Map<string, string>();
  for (const { satellite, number, digest } of received) {
    const key = `${number} of ${satellite}`;
    if (onGround.has(key)) throw differ(`product ${key} once`, "twice");
    onGround.set(key, digest);
  }
  for (const { satellite, products } of satellites) {
    for (const { number, fate, digest } of products) {
      if (fate !== "delivered") continue;
      const key = `${number} of ${satellite}`;
      const got = onGround.get(key);
      if (got === undefined) throw differ(`product ${key} on the ground, as the satellite has it`, "none");
      if (got !== digest) throw differ(`product ${key} with digest ${digest ?? "none"}`, got);
      onGround.delete(key);
    }
  }
  const [more] = onGround.keys();
  if (more !== undefined)
    throw differ("on the ground what satellites have for delivered", `product ${more} besides`);
};

/** Frame by frame: what a satellite sent to a station is what that accepted, found corrupt or did not hear. */
const requireFrames = ({ contacts, satellites, stations }: Books): void => {
  const stationOf = new Map(contacts.contacts.map(({ id, station }) => [id, station]));
  const heardBy = new Map(stations.map(({ station, satellites: heard }) => [station, heard]));
  for (const { station, satellites: heard } of stations) {
    for (const count of heard) {
      const { satellite, frames, acceptedFrames, corruptFrames, lostFrames } = count;
      const ledger = satellites.find((one) => one.satellite === satellite);
      const sent = sumOf(ledger?.contacts ?? [], (use) =>
        stationOf.get(use.contact) === station ? use.frames : 0,
      );
      const who = `${satellite} to ${station}`;
      if (sent !== frames) throw differ(`${sent} frames from ${who}, as the satellite has it`, `${frames}`);
      const told = acceptedFrames + corruptFrames + lostFrames;
      if (told !== frames) throw differ(`${frames} frames from ${who}, each of one fate`, `${told}`);
    }
  }
  for (const { satellite, contacts: uses } of satellites) {
    for (const { contact, frames } of uses) {
      if (frames === 0) continue;
      const station = stationOf.get(contact) ?? "nobody";
      const heard = heardBy.get(station)?.some((one) => one.satellite === satellite) ?? false;
      if (!heard) throw differ(`${frames} frames of contact ${contact} at ${station}`, "none");
    }
  }
};

/**
 * What satellites believe delivered is what the ground holds, product by product and frame by frame.
 * Throws `SwathError("link")` naming the first that differs.
 */
export const requireBalance = (books: Books): void => {
  requireProducts(books);
  requireFrames(books);
};
