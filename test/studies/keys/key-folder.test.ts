import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile, copyFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readKeyFile } from "../../../pipeline/keys/key-file.ts";
import { makeKeys, rollLinkKeys } from "../../../studies/keys/key-folder.ts";
import { openNodeKeys, requireRole } from "../../../studies/keys/node-keys.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "swath-keys-"));
  await makeKeys(folder, { satellites: ["W01", "W02"], stations: ["Svalbard"], days: 30 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

describe("swath keys", () => {
  it("makes a file for each, secrets for their owner alone, and says how to go on", async () => {
    const names = (await readdir(folder)).toSorted();
    expect(names).toEqual([
      "README.md",
      "Svalbard.nk",
      "W01.nk",
      "W02.nk",
      "centre.nk",
      "mission-control.nk",
      "nats-server.conf",
      "observer.nk",
      "operator.nk",
      "subscriber.nk",
      "trust.json",
    ]);
    for (const name of names) {
      const { mode } = await stat(at(name));
      expect(mode & 0o777, name).toBe(name.endsWith(".nk") ? 0o600 : 0o644);
    }
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const open = (
      await Promise.all(
        ["README.md", "nats-server.conf", "trust.json"].map((name) => readFile(at(name), "utf8")),
      )
    ).join();
    expect(open).not.toMatch(/S[UO][A-Z2-7]{56}/);
    for (const secret of (await readFile(at("W01.nk"), "utf8")).match(/[0-9a-f]{64}/g) ?? [])
      expect(open).not.toContain(secret);
  });

  it("gives satellite and ground the same link keys, and a satellite no other's", () => {
    const [own, ground, other] = ["W01.nk", "Svalbard.nk", "W02.nk"].map((name) => openNodeKeys(at(name)));
    expect(own?.links.keysOf("W01")).toEqual(ground?.links.keysOf("W01"));
    expect(own?.links.keysOf("W01")).not.toEqual(ground?.links.keysOf("W02"));
    expect(() => other?.links.keysOf("W01")).toThrow(/link of satellite W01: wanted key 1, got none/);
    expect(() => ground?.links.keysOf("W09")).toThrow(/that swath keys init was told of/);
    expect(() => openNodeKeys(at("subscriber.nk")).links.keysOf("W01")).toThrow(/got none/);
  });

  it("takes the old link key beside the new one, and refuses one older still", async () => {
    await copyFile(at("W01.nk"), at("old.nk"));
    expect((await rollLinkKeys(folder, ["W01"], 30)).generations).toEqual({ W01: 2 });
    const generations = (name: string) =>
      openNodeKeys(at(name))
        .links.keysOf("W01")
        .map(({ generation }) => generation);
    expect(generations("W01.nk")).toEqual([2, 1]);
    expect(generations("Svalbard.nk")).toEqual([2, 1]);
    expect(generations("old.nk")).toEqual([1]);
    await rollLinkKeys(folder, null, 30);
    expect(generations("Svalbard.nk")).toEqual([3, 2]);
    expect(() => generations("old.nk")).toThrow(
      /wanted key 3 or 2, got key 1, which was replaced; .*copy the new key file/,
    );
  });

  it("refuses what cannot be right, a line each", async () => {
    const key = (name = "W01.nk") => openNodeKeys(at(name));
    await expect(makeKeys(folder, { satellites: ["a"], stations: ["b"], days: 1 })).rejects.toThrow(
      /holds some/,
    );
    await expect(makeKeys(at("n"), { satellites: ["a"], stations: ["a"], days: 1 })).rejects.toThrow(
      /each once.*got "a"/,
    );
    await expect(makeKeys(at("n"), { satellites: ["centre"], stations: [], days: 1 })).rejects.toThrow(
      /got "centre"/,
    );
    await expect(makeKeys(at("n"), { satellites: ["../x"], stations: [], days: 1 })).rejects.toThrow(
      /got "..\/x"/,
    );
    await expect(rollLinkKeys(folder, ["W07"], 1)).rejects.toThrow(/some of W01, W02, got "W07"/);
    expect(() => requireRole(key(), "satellite", "W02")).toThrow(
      /wanted that of W02 \(satellite\), got that of W01/,
    );
    expect(() => readKeyFile(at("W01.nk"), new Date(Date.now() + 40 * 86_400_000))).toThrow(
      /ceased to hold at .* by the clock of this machine; make a new one/,
    );
    expect(() => readKeyFile(at("W01.nk"), new Date(Date.now() - 365 * 86_400_000))).toThrow(
      /does not hold before .*set the clock/,
    );
    await chmod(at("W01.nk"), 0o644);
    expect(() => key()).toThrow(/everybody on this machine can read/);
    await chmod(at("W01.nk"), 0o600);
    const text = await readFile(at("W01.nk"), "utf8");
    for (const broken of [
      "",
      "\n",
      text.slice(0, 80),
      text.replace("swath-key/1", "swath-key/9"),
      text.slice(60),
      `x${text}`,
    ]) {
      await writeFile(at("W01.nk"), broken);
      expect(() => key(), broken.slice(0, 20)).toThrow(/key .*W01.nk.*: wanted/);
    }
    await writeFile(at("W01.nk"), text);
    await rm(at("trust.json"));
    expect(() => key()).toThrow(/no trust.json beside key/);
    const others = join(folder, "other");
    await makeKeys(others, { satellites: ["W01"], stations: ["Svalbard"], days: 1 });
    await copyFile(join(others, "trust.json"), at("trust.json"));
    expect(() => key()).toThrow(/one of operator O/);
  });
});
