import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { parseDocument, stringify } from "yaml";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { signOrder } from "../../pipeline/keys/order-signature.ts";
import { refusalError } from "../../pipeline/orders/order-answer.ts";
import { orderEntry, readOrders } from "../../pipeline/orders/order-reading.ts";
import { instant } from "../../pipeline/units.ts";
import type { SigningKey } from "../../pipeline/keys/nkey.ts";
import { openControlKeys } from "../keys/node-buses.ts";
import { readSigningKey } from "../tenancy/signing-key.ts";

/** An order as a file has it, field by field. */
export type OrderEntry = Readonly<Record<string, string | number>>;

/** The same order, the same id. */
export const idOf = (kind: string, entry: OrderEntry): string =>
  `${kind}-${createHash("sha256").update(JSON.stringify(entry)).digest("hex").slice(0, 8)}`;

const isDated = (text: string | number | undefined): boolean => /^\d{4}-\d\d-\d\d/.test(`${text ?? ""}`);

/** Throws `SwathError("config")` for an order that is to be signed and says no time in UTC. */
export const requireDate = ({ at }: OrderEntry): void => {
  if (isDated(at)) return;
  throw new SwathError("config", {
    what: "--at",
    wanted: "a time in UTC beside a key, such as 2026-08-10T06:00Z",
    got: `${at ?? "none"}`,
    hint: "a signature is good for one mission, and so for one time",
    field: "at",
  });
};

/** Who signs an order: mission control of a folder of keys, or a tenant with a key of its own. Neither: nobody. */
export interface SignerFlags {
  readonly keys?: string | undefined;
  readonly tenantKey?: string | undefined;
}

/** A name and the key that goes with it. */
export interface OrderSigner {
  readonly name: string;
  readonly signing: SigningKey;
}

/** Who signs an order of that tenant; `null`: nobody. Throws `SwathError("config")` for keys that are none, or of two at once. */
export const signerOf = (
  { keys, tenantKey }: SignerFlags,
  tenant: string | number | undefined,
): OrderSigner | null => {
  if (tenantKey === undefined) {
    if (keys === undefined) return null;
    const { name, signing } = openControlKeys(keys).file;
    return { name, signing };
  }
  const fail = (wanted: string, got: string): never => {
    throw new SwathError("config", { what: "--tenant-key", wanted, got, field: "tenantKey" });
  };
  if (keys !== undefined) fail("no --keys beside it: a tenant signs its orders itself", keys);
  if (tenant === undefined) fail("--tenant beside it, whose key it is", "none");
  return { name: `${tenant}`, signing: readSigningKey(tenantKey, "tenant's key") };
};

/**
 * An order of what a person wrote, field by field; without an id it is given one. A signature takes a time in UTC: it is good for one mission. Throws `SwathError("config")` for the first field that does not fit.
 */
export const makeOrder = (kind: string, written: OrderEntry, signer: OrderSigner | null): OrderEntry => {
  const entry = { id: idOf(kind, written), kind, ...written };
  const { orders, refused } = readOrders([entry], instant(0));
  const [order] = orders;
  const [first] = refused;
  if (first !== undefined) throw refusalError(first);
  if (order === undefined) throw new RangeError("an order that is read or refused");
  if (signer === null) return entry;
  requireDate(written);
  return orderEntry(signOrder(order, signer.name, signer.signing));
};

/** One order as a file of orders. */
export const orderText = (entry: OrderEntry): string => stringify({ orders: [entry] });

/** Adds an order to a file of orders, or makes one. Throws `SwathError("config")` for a file that is none, or that has an order of that id. */
export const addToFile = async (path: string, entry: OrderEntry): Promise<void> => {
  if (!existsSync(path)) {
    await writeFile(path, orderText(entry));
    return;
  }
  const fail = (wanted: string, got: string): never => {
    throw new SwathError("config", { what: `orders ${path}`, wanted, got, field: "file" });
  };
  const text = readFileSync(path, "utf8");
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) fail("YAML or JSON", messageOf(error).split("\n")[0] ?? "");
  const value: unknown = document.toJS();
  const isMapping = value !== null && typeof value === "object" && !Array.isArray(value);
  const list = isMapping ? (value as Readonly<Record<string, unknown>>)["orders"] : value;
  if (!Array.isArray(list)) return fail("a list of orders", "none");
  if (list.some((one: { readonly id?: unknown } | null) => String(one?.id) === entry["id"]))
    fail("an id that it does not have", `"${entry["id"]}"`);
  // What a person wrote around it, comments too, stays.
  document.addIn(isMapping ? ["orders"] : [], document.createNode(entry));
  await writeFile(path, document.toString());
};
