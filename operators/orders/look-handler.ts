import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { formatInstant } from "../../pipeline/units.ts";
import type { OrderHandler } from "./order-handler.ts";

/** Obeys looks: each becomes the acquisition that came up with it, or that the schedule has for it, where there is still time. */
export const lookHandler =
  (acquisitions: ReadonlyMap<string, Acquisition>): OrderHandler =>
  ({ id }, { at, acquisition: own, take }) => {
    const refused = (field: string, wanted: string, got: string) =>
      ({ answer: "refused", at, field, wanted, got }) as const;
    const acquisition = own ?? acquisitions.get(id);
    if (acquisition === undefined)
      return refused("bbox", "an area that this satellite flies over before the deadline", "another");
    if (acquisition.at <= at)
      return refused(
        "bbox",
        `on board before ${formatInstant(acquisition.at)}, when the area is below`,
        formatInstant(at),
      );
    take(acquisition);
    return { answer: "accepted", at };
  };
