import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { requestVerifier, signRequest } from "../../../pipeline/keys/order-signature.ts";
import { installRule } from "../../../pipeline/orders/kinds/model-install.ts";
import { instant } from "../../../pipeline/units.ts";
import { openControlKeys } from "../../../studies/keys/node-buses.ts";
import { makeKeys } from "../../../studies/keys/key-folder.ts";
import { signerOf, type OrderEntry } from "../../../studies/orders/make-order.ts";
import { askActivate, askInstall } from "../../../studies/orders/model-request.ts";
import { readOrderFile } from "../../../studies/orders/order-file.ts";
import { namedSigners, readUpdateModel } from "../../../studies/updates/model-update.ts";
import { expandUpdates } from "../../../studies/updates/order-updates.ts";
import { retrainedFiles } from "../../models/updates/retrained.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-test-"));
const [keys, strangers, next] = ["keys", "strangers", "ships-v4"].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const signer = (folderOfKeys: string) => signerOf({ keys: folderOfKeys }, undefined);
const written = {
  id: "ships-v4",
  to: "walker-1-1",
  at: "2026-08-10T06:00Z",
  deadline: "2d",
  trial: "5",
  promote: "agreement >= old - 0.02",
};

beforeAll(async () => {
  for (const path of [keys, strangers])
    await makeKeys(path, { satellites: ["walker-1-1"], stations: ["North"], days: 2 });

  mkdirSync(next);
  for (const [name, bytes] of await retrainedFiles()) writeFileSync(join(next, name), bytes);
});

const expanded = async (entries: readonly OrderEntry[]) => {
  const path = join(folder, "orders.json");
  writeFileSync(path, JSON.stringify({ orders: entries }));
  const launched = await readUpdateModel("ships-s2:int8");
  return await readOrderFile(path, instant(0), (value) =>
    expandUpdates(value, {
      launched,
      signers: namedSigners("test"),
      satellites: ["walker-1-1", "walker-1-2"],
      acquisitions: [],
      labels: new Map(),
      refusal: null,
      verify: requestVerifier(openControlKeys(keys).trust),
    }),
  );
};

describe("what is asked for of a model", () => {
  it("becomes orders that mission control stands behind, as do orders to go back", async () => {
    const install = await askInstall(next, written, signer(keys));
    const back = askActivate(
      "launched",
      { id: "back", to: "walker-1-1", at: written.at, deadline: "2d" },
      signer(keys),
    );
    const { orders, refused, made } = await expanded([install, back]);
    expect(refused).toEqual([]);
    expect(orders.slice(0, 1)).toMatchObject([
      {
        id: "ships-v4",
        to: "walker-1-1",
        body: { trial: 5, promote: installRule(written.promote).text, sequence: 1 },
      },
    ]);
    expect(orders.at(-1)).toMatchObject({ kind: "model-activate", body: { sequence: 2 } });
    expect(orders.length).toBeGreaterThan(3);
    expect(orders.map(({ id }) => id)).toEqual([...made]);
  });

  it("is refused alone where it was altered, is not signed, or signed by a stranger", async () => {
    const install = await askInstall(next, written, signer(keys));
    const { signature: _, ...bare } = install;
    const foreign = await askInstall(next, { ...written, id: "foreign" }, signer(strangers));
    const { orders, refused, made } = await expanded([
      { ...install, id: "renamed" },
      { ...install, to: "walker-1-2" },
      { ...install, promote: "agreement >= 0" },
      { ...bare, id: "bare" },
      foreign,
    ]);
    expect(refused.map(({ id, field }) => [id, field])).toEqual(
      ["renamed", "ships-v4", "ships-v4", "bare", "foreign"].map((id) => [id, "signature"]),
    );
    expect(orders).toEqual([]);
    expect([...made]).toEqual([]);
  });

  it("is refused where the model is no longer the one that was signed", async () => {
    const { signature: _, ...install } = await askInstall(next, written, signer(keys));
    const sha256 = "0".repeat(64);
    const { file } = openControlKeys(keys);
    const other = { ...install, sha256 };
    const signature = signRequest(other, file.name, file.signing);
    expect((await expanded([{ ...other, signature }])).refused).toMatchObject([
      { id: "ships-v4", field: "sha256", wanted: sha256 },
    ]);
  });

  it("lends its signature to no other order of that id, before or behind it", async () => {
    const install = await askInstall(next, written, signer(keys));
    const look = { kind: "look", bbox: "1,2,3,4", at: written.at, deadline: "2h" };
    const { orders, refused } = await expanded([
      { ...look, id: "ships-v4" },
      { ...look, id: ["ships-v4"] as unknown as string },
      install,
      { ...look, id: "ships-v4-000001" },
    ]);
    expect(orders.some(({ kind }) => kind === "look")).toBe(false);
    expect(orders[0]?.kind).toBe("model-install");
    expect(refused.map(({ id, field }) => [id, field])).toEqual(
      ["ships-v4", "ships-v4", "ships-v4-000001"].map((id) => [id, "id"]),
    );
  });

  it("names the field that does not fit", async () => {
    const wrong = (more: OrderEntry) => askInstall(next, { ...written, ...more }, null);
    await expect(wrong({ trial: "many" })).rejects.toThrow(/trial: wanted/);
    await expect(wrong({ promote: "f1 >" })).rejects.toThrow(/rule/);
    await expect(wrong({ rollback: "maybe" })).rejects.toThrow(/rollback: wanted one of auto, never/);
    await expect(wrong({ id: "a b" })).rejects.toThrow("--id: wanted 1 to 56 letters");
    await expect(askInstall(join(folder, "none"), written, null)).rejects.toThrow(/none/);
    await expect(askInstall(next, { deadline: "2d" }, signer(keys))).rejects.toThrow(
      "--at: wanted a time in UTC",
    );
    expect(() => askActivate("no id", {}, null)).toThrow("wanted the id of an install order, or launched");
  });
});
