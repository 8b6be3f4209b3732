import { SwathError } from "../errors.ts";
import { verifierOf } from "../keys/nkey.ts";
import { parseAmount, type MicroAmount } from "./amount.ts";
import { operatorName } from "./ledger-entry.ts";

/** Version tag of a tenants file. */
export const tenantsVersion = "swath-tenants/1";

/** One who uses the mission. */
export interface Tenant {
  readonly id: string;
  readonly budget: MicroAmount;
  /** Of computer and link where more is asked for than there is: its part of the sum of weights. */
  readonly weight: number;
  /** `U…`: the public key that its orders are signed with; `null`: none is known. */
  readonly key: string | null;
}

/** A tenant of the file that takes no part, and why. */
export interface RefusedTenant {
  readonly id: string;
  readonly field: string;
  readonly wanted: string;
  readonly got: string;
}

/** A tenants file, read. */
export interface TenantList {
  /** Path of the price file, as written: relative to the tenants file. */
  readonly prices: string;
  readonly tenants: readonly Tenant[];
  /** Those with something wrong: they are left out, and the others are not delayed. */
  readonly refused: readonly RefusedTenant[];
}

/** Tenants that are read. */
const mostTenants = 100_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value of a file as messages show it. */
const shown = (value: unknown): string =>
  value === undefined || value === null
    ? "none"
    : typeof value === "string"
      ? value
      : (JSON.stringify(value) ?? typeof value);

const known = ["id", "budget", "weight", "key"];

const readTenant = (entry: unknown, index: number, taken: ReadonlySet<string>): Tenant | RefusedTenant => {
  const place = `tenants.${index}`;
  if (!isRecord(entry)) return { id: place, field: place, wanted: "a tenant", got: JSON.stringify(entry) };
  const { id, budget, weight = 1, key = null } = entry;
  if (typeof id !== "string" || !/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(id))
    return {
      id: place,
      field: "id",
      wanted: "1 to 64 letters, digits, - and _",
      got: JSON.stringify(id ?? null),
    };
  const refuse = (field: string, wanted: string, got: unknown): RefusedTenant => ({
    id,
    field,
    wanted,
    got: shown(got),
  });
  const stray = Object.keys(entry).find((name) => !known.includes(name));
  if (stray !== undefined) return refuse(stray, `one of ${known.join(", ")}`, "a field of that name");
  if (id === operatorName)
    return refuse("id", `another name than ${operatorName}, who flies the mission`, id);
  if (taken.has(id)) return refuse("id", "every tenant once", "the same id a second time");
  const amount = parseAmount(shown(budget));
  if (amount === null || amount === 0)
    return refuse("budget", "more than 0, with at most six places behind the point", budget);
  if (typeof weight !== "number" || !(weight >= 0.001 && weight <= 1e6))
    return refuse("weight", "from 0.001 to 1000000", weight);
  if (key !== null && (typeof key !== "string" || verifierOf("user", key) === null))
    return refuse("key", "a public key, 56 capitals and digits from U on", key);
  return { id, budget: amount, weight, key };
};

/**
 * Reads a tenants file. A tenant with something wrong costs itself alone: it is told of in `refused`. Throws `SwathError("config")` where the
 * file as a whole is none, or nobody is left.
 */
export const parseTenants = (value: unknown, source: string): TenantList => {
  const refuse = (field: string, wanted: string, got: string): SwathError =>
    new SwathError("config", { what: `${source}: ${field}`, wanted, got, field });
  if (!isRecord(value))
    throw refuse("the file", `a ${tenantsVersion}`, value === null ? "nothing" : typeof value);
  const fields = ["schema", "prices", "tenants"];
  const stray = Object.keys(value).find((key) => !fields.includes(key));
  if (stray !== undefined) throw refuse(stray, `one of ${fields.join(", ")}`, "a field of that name");
  const { schema, prices, tenants } = value;
  if (schema !== tenantsVersion) throw refuse("schema", tenantsVersion, shown(schema));
  if (typeof prices !== "string" || prices === "")
    throw refuse("prices", "the path of a price file, from this file", shown(prices));
  if (!Array.isArray(tenants) || tenants.length === 0 || tenants.length > mostTenants)
    throw refuse(
      "tenants",
      `a list of 1 to ${mostTenants} tenants`,
      Array.isArray(tenants) ? `${tenants.length}` : "none",
    );
  const good: Tenant[] = [];
  const refused: RefusedTenant[] = [];
  const taken = new Set<string>();
  tenants.forEach((entry, index) => {
    const read = readTenant(entry, index, taken);
    if ("field" in read) refused.push(read);
    else {
      taken.add(read.id);
      good.push(read);
    }
  });
  const [first] = refused;
  if (good.length === 0 && first !== undefined)
    throw refuse(`${first.id}: ${first.field}`, first.wanted, first.got);
  return { prices, tenants: good, refused };
};

/** Why a tenant takes no part, in a sentence. */
export const refusalText = ({ id, field, wanted, got }: RefusedTenant): string =>
  `tenant ${id} is left out: ${field}: wanted ${wanted}, got ${got}`;
