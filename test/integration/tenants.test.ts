import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeKey, type SigningKey } from "../../pipeline/keys/nkey.ts";
import { makeOrder } from "../../studies/orders/make-order.ts";
import { checkLedgerFile } from "../../pipeline/tenancy/ledger-file.ts";
import { differingRuns, onlyRun, scratch, summaryOf, swath } from "./swath.ts";

const isLong = process.env["SWATH_LONG"] !== undefined;
if (!isLong) console.log("test/integration/tenants.test.ts is left out: SWATH_LONG is not set");

const folder = scratch();
const put = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const example = (name: string): string => readFileSync(`examples/tenants/${name}`, "utf8");
put("prices.yaml", example("prices.yaml"));
const workloads = put(
  "workloads.yaml",
  `${example("workloads.yaml")}  - { name: stray, tenant: stranger, model: water }\n  - { name: water, model: water }\n`,
);
/** One whose budget holds nothing, and one with none at all beside the others. */
const tenants = put(
  "tenants.yaml",
  example("tenants.yaml").replace("budget: 25", "budget: 0.000001") + "  - { id: nobody, budget: 0 }\n",
);
const scenario = [
  "builtin:harbour?scenes=2&size=512",
  "--policies=raw,detect",
  "--no-day",
  `--tenants=${tenants}`,
  `--workloads=${workloads}`,
  "--hours=12",
];
const fly = async (name: string, ...more: readonly string[]) => {
  const out = join(folder, name);
  // What is said again replaces what was said.
  const names = more.map((one) => one.split("=")[0]);
  const usual = scenario.filter((one) => !names.includes(one.split("=")[0]));
  const { code, stderr } = await swath(["compare", ...usual, ...more, "--out", out]);
  expect(code === 0 ? "" : stderr).toBe("");
  return { out, stderr };
};

describe.skipIf(!isLong)("a mission for tenants", () => {
  it("comes to the same bytes again, with a ledger that holds, and names who is left out", async () => {
    const once = await fly("once");
    const again = await fly("again");
    expect(differingRuns(once.out, again.out)).toEqual([]);
    expect(once.stderr).toContain("tenant nobody is left out: budget: wanted more than 0");
    expect(once.stderr).toContain(
      "workload stray is left out: tenant: wanted a tenant of the tenants file, got stranger",
    );
    expect(once.stderr).toContain("workload water is left out: name: wanted every workload once");
    const ledger = join(onlyRun(once.out), "ledger.jsonl");
    const check = checkLedgerFile(ledger, null);
    expect(check.fault).toBeNull();
    expect(check.flights.map(({ flight }) => flight)).toEqual(["raw", "detect"]);
    const { policies } = summaryOf(once.out);
    for (const { tenancy, bytes } of policies) {
      const named = Object.fromEntries((tenancy?.tenants ?? []).map((one) => [one.tenant, one]));
      expect(Object.keys(named)).toEqual(["port-authority", "weather-service", "river-board", "mission"]);
      // A millionth holds no scene: the others are not delayed.
      expect(named["river-board"]).toMatchObject({ chargedMicro: 0, refused: 2, acquisitions: 0 });
      expect(named["port-authority"]?.acquisitions).toBe(2);
      const sent = Object.values(named).reduce(
        (sum, { work }) => sum + work.resultBytes + work.chipBytes + work.tileBytes,
        0,
      );
      expect(sent).toBe(bytes.onLink.total);
    }
  });

  it("takes orders from their tenants alone, and charges what they take of the uplink", async () => {
    const [port, stranger] = [makeKey("user"), makeKey("user")];
    const keyed = put(
      "keyed.yaml",
      example("tenants.yaml").replace(/(- id: port-authority\n)/, `$1    key: ${port.publicKey}\n`),
    );
    const order = { name: "duty", value: "0.5", at: "2026-08-10T00:10Z", deadline: "11h" };
    const by = (tenant: string, id: string, signing: SigningKey | null) =>
      makeOrder("parameter", { ...order, id, tenant }, signing === null ? null : { name: tenant, signing });
    const orders = [
      by("port-authority", "own", port),
      by("port-authority", "foreign", stranger),
      by("port-authority", "bare", null),
      by("river-board", "open", null),
    ];
    const file = put("orders.json", JSON.stringify({ orders }));
    const { out } = await fly(
      "ordered",
      "--start=2026-08-10T00:00Z",
      `--tenants=${keyed}`,
      `--orders=${file}`,
    );
    for (const { orders: told, tenancy } of summaryOf(out).policies) {
      const refused = (told?.orders ?? []).filter(({ refusal }) => refusal?.by === "ground");
      expect(refused.map(({ id, refusal }) => [id, refusal?.field, refusal?.wanted])).toEqual([
        ["foreign", "signature", "a signature of port-authority"],
        ["bare", "signature", "a signature of port-authority"],
      ]);
      const paid = new Map(tenancy?.tenants.map(({ tenant, work }) => [tenant, work.orderBytes ?? 0]));
      const all = [...paid.values()].reduce((sum, size) => sum + size, 0);
      expect(all).toBe(told?.uplink.bytes);
      expect(paid.get("port-authority")).toBeGreaterThan(paid.get("river-board") ?? 0);
      expect(paid.get("river-board")).toBeGreaterThan(0);
    }
    expect(checkLedgerFile(join(onlyRun(out), "ledger.jsonl"), null).fault).toBeNull();
  });

  it("is signed by the key that it is given, and by no other", async () => {
    const key = join(folder, "ledger.key");
    expect((await swath(["ledger", "key", key])).code).toBe(0);
    const { out } = await fly("signed", "--ledger-key", key);
    const ledger = join(onlyRun(out), "ledger.jsonl");
    const good = await swath(["ledger", "verify", ledger, "--key", `${key}.pub`]);
    expect(good.stdout).toContain("signed by the key that was given");
    const other = join(folder, "other.key");
    await swath(["ledger", "key", other]);
    const bad = await swath(["ledger", "verify", ledger, "--key", `${other}.pub`]);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain("line 1 says it is signed by");
  });
});
