import { SwathError } from "../../pipeline/errors.ts";
import { productsOf, type LandedAcquisition } from "../../pipeline/mission/landing.ts";
import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import { sumOf } from "../statistics.ts";

/**
 * What satellites believe delivered is what the ground holds: the ledgers of both ends must agree, product for product.
 * Throws `SwathError("link")` where they do not.
 */
export const requireBalance = (
  satellites: readonly SatelliteLedger[],
  landed: readonly LandedAcquisition[],
): void => {
  const onGround = sumOf(landed, productsOf);
  const sent = sumOf(
    satellites,
    ({ products }) => products.filter(({ fate }) => fate === "delivered").length,
  );
  if (sent === onGround) return;
  throw new SwathError("link", {
    what: "the ledgers of space and ground differ",
    wanted: `${sent} products on the ground, as the satellites have it`,
    got: `${onGround}`,
    hint: "this is a bug of Swath: please report it with the command and its seed",
  });
};
