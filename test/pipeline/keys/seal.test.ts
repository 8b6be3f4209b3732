import { describe, expect, it } from "vitest";
import { makeKey, type SigningKey } from "../../../pipeline/keys/nkey.ts";
import { openSeal, bareValue } from "../../../pipeline/keys/seal.ts";
import { readTrust, writeTrust, type Member, type TrustList } from "../../../pipeline/keys/trust.ts";

const operator = makeKey("operator");
const keys = new Map<string, SigningKey>();
const member = (role: Member["role"], name: string): Member => {
  const key = makeKey("user");
  keys.set(name, key);
  return { role, name, key: key.publicKey };
};
const trust: TrustList = {
  schema: "swath-trust/1",
  operator: operator.publicKey,
  members: [
    member("mission-control", "mission-control"),
    member("centre", "centre"),
    member("satellite", "W01"),
    member("satellite", "W02"),
    member("station", "Svalbard"),
  ],
  links: { W01: [1], W02: [1] },
};
const sealOf = (name: string) => openSeal(name, keys.get(name) as SigningKey, trust);
const data = Buffer.from("frames");
const said = (subject: string, msgId = "inc.1") => ({ subject: `swath.run.inc.${subject}`, msgId, data });

describe("a seal", () => {
  it.each([
    ["task.W01", "mission-control"],
    ["link.W01.Svalbard", "W01"],
    ["nak.W01", "Svalbard"],
    ["nak.W01", "centre"],
    ["ground.Svalbard", "Svalbard"],
    ["mesh.W01", "W01"],
    ["mesh.shard-0003", "mission-control"],
    ["alive.satellite.W01", "W01"],
    ["alive.station.Svalbard", "Svalbard"],
    ["alive.shard.2", "mission-control"],
    ["row.3", "mission-control"],
    ["result.ship.cell", "centre"],
  ])("on %s is that of %s and of nobody else", (subject, speaker) => {
    for (const name of keys.keys()) {
      const message = said(subject);
      const signature = sealOf(name).sign(message);
      const isRight =
        name === speaker || (subject === "nak.W01" && (name === "Svalbard" || name === "centre"));
      expect(sealOf("W01").check(message, signature), `${name} on ${subject}`).toBe(
        isRight ? null : "forged",
      );
    }
  });

  it("holds for its message alone: subject, run, number and content", () => {
    const message = said("link.W01.Svalbard");
    const signature = sealOf("W01").sign(message);
    const { check } = sealOf("centre");
    expect(check(message, signature)).toBeNull();
    expect(check({ ...message, data: Buffer.from("Frames") }, signature)).toBe("forged");
    expect(check({ ...message, msgId: "inc.2" }, signature)).toBe("forged");
    expect(check({ ...message, subject: "swath.run.other.link.W01.Svalbard" }, signature)).toBe("forged");
    expect(check({ ...message, subject: "swath.run.inc.link.W01.Troll" }, signature)).toBe("forged");
    expect(check(message, "")).toBe("unsigned");
    expect(check(message, "W01")).toBe("forged");
    expect(check(message, `W02:${signature.slice(4)}`)).toBe("forged");
    expect(check(message, `W01:${"A".repeat(1_000_000)}`)).toBe("forged");
  });

  it("on a value is that of whose word it is, in its run and under its key", () => {
    const value = Buffer.from(JSON.stringify({ a: 1 }));
    const { openValue } = sealOf("centre");
    const plan = sealOf("mission-control").signValue("run.inc", "plan", value);
    expect(openValue("run.inc", "plan", plan)).toEqual(value);
    expect(bareValue(plan)).toEqual(value);
    expect(openValue("run.other", "plan", plan)).toBe("forged");
    expect(openValue("run.inc", "fleet", plan)).toBe("forged");
    expect(openValue("run.inc", "plan", value)).toBe("unsigned");
    for (const name of ["W01", "Svalbard", "centre"])
      expect(openValue("run.inc", "plan", sealOf(name).signValue("run.inc", "plan", value))).toBe("forged");
    const ledger = sealOf("W01").signValue("run.inc", "ledger.satellite.W01", value);
    expect(openValue("run.inc", "ledger.satellite.W01", ledger)).toEqual(value);
    expect(openValue("run.inc", "ledger.satellite.W02", ledger)).toBe("forged");
    for (let at = 0; at < ledger.length; at++) {
      const mutant = Uint8Array.from(ledger);
      mutant[at]! ^= 1;
      expect(["forged", "unsigned"]).toContain(openValue("run.inc", "ledger.satellite.W01", mutant));
      expect(["forged", "unsigned"]).toContain(
        openValue("run.inc", "ledger.satellite.W01", ledger.subarray(0, at)),
      );
    }
  });
});

describe("a list of trust", () => {
  it("comes back as it was signed", () => {
    expect(readTrust(writeTrust(trust, operator), operator.publicKey, "trust.json")).toEqual(trust);
  });

  it("is refused when altered, or another operator's", () => {
    const text = writeTrust(trust, operator);
    const other = makeKey("operator");
    expect(() => readTrust(text.replace('"W01": [', '"W03": ['), operator.publicKey, "t")).toThrow(
      /signature/,
    );
    expect(() => readTrust(text, other.publicKey, "t")).toThrow(/one of operator O/);
    expect(() => readTrust(writeTrust(trust, other), operator.publicKey, "t")).toThrow(/signature/);
    expect(() => readTrust("{}", operator.publicKey, "t")).toThrow(/swath-trust\/1/);
    expect(() => readTrust("no", operator.publicKey, "t")).toThrow(/JSON as swath keys writes it/);
  });
});
