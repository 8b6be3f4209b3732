import type { MeshPlan } from "../../pipeline/mission/run-plan.ts";
import type { CrosslinkTerminals } from "../../pipeline/mission/spacecraft.ts";
import type { LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import { contactHops, crosslinkHops } from "./routing-hops.ts";
import { openRouter, type Router } from "./routing.ts";
import type { ContactPlan } from "../../pipeline/orbit/contact.ts";

/** Splits of each priority on crosslinks and contacts: results hardly take room, and never wait behind imagery. */
const shares = [0.2, 0.2, 0.6];

/** The ways of a constellation, straight down and over crosslinks; the same on every shard. */
export const openMeshRouter = (
  { crosslinks, epoch, lookAhead }: MeshPlan,
  terminals: CrosslinkTerminals,
  contacts: ContactPlan,
  rate: LinkRate,
  stations: readonly string[],
): Router =>
  openRouter({
    hops: [...contactHops(contacts, rate), ...crosslinkHops(crosslinks, terminals.rate)],
    stations,
    // A carrier has a product from the next epoch on.
    epochs: { origin: contacts.from, length: epoch, custody: "carrier" },
    lookAhead,
    shares,
  });
