import { bytesText, durationText } from "../look/figures.ts";
import type { ProductWait } from "../state/product-wait.ts";
import { clockText } from "../time/time-axis.ts";
import type { Prepared } from "./prepared.ts";

/** One line that says why a product waits, from the plan. `t` in seconds from the start. */
export const waitText = (
  { plan, head, epoch, shortNames }: Prepared,
  wait: ProductWait,
  t: number,
): string => {
  const { satellite, station } = plan.contacts.columns;
  const clock = (at: number): string => clockText(epoch + at);
  const stationOf = (contact: number): string => head.stations[station[contact] ?? -1]?.name ?? "";
  switch (wait.why) {
    case "exchange":
      return `Lands in ${durationText(Math.max(0, wait.lands - t))}: goes to ${shortNames[wait.to] ?? ""} at ${clock(wait.at)}, down at ${head.stations[wait.station]?.name ?? ""}.`;
    case "antenna": {
      const { name = "", antennas = 1 } = head.stations[wait.station] ?? {};
      const whom = shortNames[satellite[wait.following] ?? -1] ?? "another";
      const since = clock(plan.contacts.columns.from_s[wait.following] ?? t);
      const then =
        wait.contact === null || wait.at === null
          ? "No contact follows."
          : `${stationOf(wait.contact)} hears it from ${clock(wait.at)} on, in ${durationText(wait.at - t)}.`;
      const which = antennas === 1 ? "one antenna follows" : `${antennas} antennas follow others,`;
      return `${name}'s ${which} ${whom} since ${since}. ${then}`;
    }
    case "contact":
      return wait.contact === null || wait.at === null
        ? "No contact follows before the end of the run: it stays on board."
        : `Waits for ${stationOf(wait.contact)}, which hears ${shortNames[satellite[wait.contact] ?? -1] ?? "it"} from ${clock(wait.at)} on, in ${durationText(wait.at - t)}.`;
    case "lock":
      return `${stationOf(wait.contact)} locks at ${clock(wait.at)}; no bit goes down before.`;
    case "radio":
      return wait.sending
        ? `Is in contact with ${stationOf(wait.contact)}, which is being sent to.`
        : `In contact with ${stationOf(wait.contact)}; ${bytesText(wait.bytes)} of others are on board.`;
  }
};
