import { signedBytes } from "../orders/order-wire.ts";
import type { Order } from "../orders/order.ts";
import type { OrderRefusal } from "../orders/order-answer.ts";
import { verifierOf, type SigningKey } from "./nkey.ts";
import type { TrustList } from "./trust.ts";

/** What is signed: nothing else that a key signs begins like this. */
const textOf = (order: Order): Uint8Array =>
  Buffer.concat([Buffer.from("swath order\n"), signedBytes(order)]);

/** The order under the signature of `name`, mission control: over its times as they are, so that it is good for one mission. */
export const signOrder = <One extends Order>(order: One, name: string, signing: SigningKey): One => ({
  ...order,
  signature: `${name}:${Buffer.from(signing.sign(textOf(order))).toString("base64url")}`,
});

/** Says why the signature of an order does not hold by a list of trust; `null`: mission control signed it. */
export const orderVerifier = (trust: TrustList): ((order: Order) => OrderRefusal | null) => {
  const control = trust.members.filter(({ role }) => role === "mission-control");
  const wanted = "a signature of mission control";
  return (order) => {
    if (order.signature === null) return { field: "signature", wanted, got: "none" };
    const [signer = "", code = ""] = order.signature.split(":");
    const holds = control.some(({ name, key }) => {
      if (name !== signer) return false;
      return verifierOf("user", key)?.(textOf(order), Buffer.from(code, "base64url")) ?? false;
    });
    return holds ? null : { field: "signature", wanted, got: `one of ${signer} that does not hold` };
  };
};
