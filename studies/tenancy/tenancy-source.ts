import { dirname, isAbsolute, join } from "node:path";
import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { parsePrices, type PriceList } from "../../pipeline/tenancy/price-file.ts";
import { parseTenants, type TenantList } from "../../pipeline/tenancy/tenant-file.ts";

/** Who uses a mission, and at what prices. */
export interface Tenancy extends Omit<TenantList, "prices"> {
  readonly list: PriceList;
}

const readYaml = (path: string): unknown => {
  try {
    return parseYaml(readFileSync(path, "utf8"));
  } catch (cause) {
    const got = messageOf(cause).split("\n")[0] ?? "";
    throw new SwathError("config", { what: `cannot read ${path}`, wanted: "a YAML file", got, cause });
  }
};

/**
 * A tenants file and the price file that it names. Throws `SwathError("config")` for a file that is none and for prices that are not all there; a
 * tenant with something wrong is in `refused`.
 */
export const readTenancy = (path: string): Tenancy => {
  const { prices, ...tenants } = parseTenants(readYaml(path), path);
  const beside = isAbsolute(prices) ? prices : join(dirname(path), prices);
  return { ...tenants, list: parsePrices(readYaml(beside), beside) };
};
