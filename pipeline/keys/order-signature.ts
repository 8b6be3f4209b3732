import { canonicalText } from "../canonical-json.ts";
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

/** Who may sign, by name and public key. */
type Signer = Pick<TrustList["members"][number], "name" | "key">;

type TextVerifier = (text: () => Uint8Array, signature: string | null) => OrderRefusal | null;

/** Whether one of those signed a text; `null`: one did. */
const verifierFor =
  (signers: readonly Signer[], wanted: string): TextVerifier =>
  (text, signature) => {
    if (signature === null) return { field: "signature", wanted, got: "none" };
    const [signer = "", code = ""] = signature.split(":");
    const holds = signers.some(({ name, key }) => {
      if (name !== signer) return false;
      return verifierOf("user", key)?.(text(), Buffer.from(code, "base64url")) ?? false;
    });
    return holds
      ? null
      : { field: "signature", wanted, got: `one of ${signer.slice(0, 80)} that does not hold` };
  };

/** Whether mission control signed a text; `null`: it did. */
const controlVerifier = (trust: TrustList): TextVerifier =>
  verifierFor(
    trust.members.filter(({ role }) => role === "mission-control"),
    "a signature of mission control",
  );

/** Tenants whose orders nobody else may sign, by id and public key. */
export type TenantKeys = ReadonlyMap<string, string>;

/** Whether the tenant itself signed a text; `null`: it did, or has no key. */
const verifyTenant = (
  keys: TenantKeys,
  tenant: string,
  text: () => Uint8Array,
  signature: string | null,
): OrderRefusal | null => {
  const key = keys.get(tenant);
  return key === undefined
    ? null
    : verifierFor([{ name: tenant, key }], `a signature of ${tenant}`)(text, signature);
};

/** Says why the signature of an order does not hold by a list of trust; `null`: mission control signed it. */
export const orderVerifier = (trust: TrustList): ((order: Order) => OrderRefusal | null) => {
  const verify = controlVerifier(trust);
  return (order) => verify(() => textOf(order), order.signature);
};

/** Says why an order is not its tenant's, who has a key; `null`: the tenant signed it, or has none. */
export const tenantVerifier =
  (keys: TenantKeys): ((order: Order) => OrderRefusal | null) =>
  (order) =>
    verifyTenant(keys, order.tenant, () => textOf(order), order.signature);

/** What a person asks of mission control, field by field: it makes orders of it that go up. */
export type OrderRequest = Readonly<Record<string, unknown>>;

/** What is signed of a request: every field but the signature, numbers as their digits. */
const requestText = (request: OrderRequest): Uint8Array => {
  const { signature: _, ...fields } = request;
  const texts = Object.entries(fields).map(([key, value]) => [
    key,
    typeof value === "number" ? `${value}` : value,
  ]);
  return Buffer.from(`swath order request\n${canonicalText(Object.fromEntries(texts))}`);
};

/** The signature of `name` over a request. */
export const signRequest = (request: OrderRequest, name: string, signing: SigningKey): string =>
  `${name}:${Buffer.from(signing.sign(requestText(request))).toString("base64url")}`;

const signatureOf = ({ signature }: OrderRequest): string | null =>
  typeof signature === "string" ? signature : null;

/** Says why the signature of a request does not hold by a list of trust; `null`: mission control signed it. */
export const requestVerifier = (trust: TrustList): ((request: OrderRequest) => OrderRefusal | null) => {
  const verify = controlVerifier(trust);
  return (request) => verify(() => requestText(request), signatureOf(request));
};

/** The tenant of a request, as reading an order takes it: `[a]` is `a`. */
export const tenantOf = ({ tenant }: OrderRequest): string => String(tenant);

/** Says why a request is not its tenant's, who has a key; `null`: the tenant signed it, or has none. */
export const tenantRequestVerifier =
  (keys: TenantKeys): ((request: OrderRequest) => OrderRefusal | null) =>
  (request) =>
    verifyTenant(keys, tenantOf(request), () => requestText(request), signatureOf(request));
