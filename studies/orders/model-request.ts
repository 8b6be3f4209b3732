import { SwathError } from "../../pipeline/errors.ts";
import { signRequest } from "../../pipeline/keys/order-signature.ts";
import { installRule, isInstallId } from "../../pipeline/orders/kinds/model-install.ts";
import { refusalError } from "../../pipeline/orders/order-answer.ts";
import { idPattern } from "../../pipeline/orders/order-bounds.ts";
import { readOrders } from "../../pipeline/orders/order-reading.ts";
import { instant } from "../../pipeline/units.ts";
import { digestOfFiles } from "../../models/updates/model-files.ts";
import { readUpdateModel } from "../updates/model-update.ts";
import { idOf, requireDate, type OrderEntry, type OrderSigner } from "./make-order.ts";

/** Stands for what follows once the mission is known. */
const anyDigest = "0".repeat(64);

/** Throws `SwathError("config")` for the first field that does not fit, with what stands in for the rest. */
const requireFit = (entry: OrderEntry): void => {
  const [first] = readOrders([entry], instant(0)).refused;
  if (first !== undefined) throw refusalError(first);
};

const signedBy = (entry: OrderEntry, signer: OrderSigner | null): OrderEntry => {
  if (signer === null) return entry;
  requireDate(entry);
  return { ...entry, signature: signRequest(entry, signer.name, signer.signing) };
};

/**
 * Asks for a model to be sent up: the run makes of it the order and its pieces, told by what differs from the model that satellites are launched with.
 * What is asked for is signed with the model's digest. Throws `SwathError("config")` for the first field that
 * does not fit, and `SwathError("model")` as reading the model does.
 */
export const askInstall = async (
  from: string,
  written: OrderEntry,
  signer: OrderSigner | null,
): Promise<OrderEntry> => {
  const kind = "model-install";
  const { card, files } = await readUpdateModel(from);
  const sha256 = digestOfFiles(files);
  const own = { ...written, from, ...(signer === null ? {} : { sha256 }) };
  const entry: OrderEntry = { id: idOf(kind, own), kind, ...own };
  if (!isInstallId(`${entry["id"]}`))
    throw new SwathError("config", {
      what: "--id",
      wanted: "1 to 56 letters, digits, - and _",
      got: `"${`${entry["id"]}`.slice(0, 80)}"`,
      field: "id",
    });
  for (const key of ["promote", "keep"] as const) installRule(`${entry[key] ?? ""}`, key);
  // Who follows is the mission's to say.
  const { from: _, then: _then, waves: _waves, ...rest } = entry;
  const upload = { upload: "1B", "upload-sha256": anyDigest, size: "1B", sequence: 1, snapshot: anyDigest };
  requireFit({ ...rest, ...upload, model: card.name.replaceAll(/[^A-Za-z0-9._:-]/g, "-"), sha256 });
  return signedBy(entry, signer);
};

/**
 * Asks for a model that is on board to be worked with: `of` is the id of the order that brought it, or `launched`. Throws `SwathError("config")` for the first field that does not fit.
 */
export const askActivate = (of: string, written: OrderEntry, signer: OrderSigner | null): OrderEntry => {
  const kind = "model-activate";
  if (!idPattern.test(of))
    throw new SwathError("config", {
      what: "model activate",
      wanted: "the id of an install order, or launched",
      got: `"${of.slice(0, 80)}"`,
      field: "of",
    });
  const own = { ...written, of };
  const entry: OrderEntry = { id: idOf(kind, own), kind, ...own };
  const { of: _, ...rest } = entry;
  requireFit({ ...rest, model: "any", sha256: anyDigest, sequence: 1 });
  return signedBy(entry, signer);
};
