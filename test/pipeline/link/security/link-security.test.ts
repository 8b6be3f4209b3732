import { describe, expect, it } from "vitest";
import { frameBytes, packFrame, readFrame, spacecraftId } from "../../../../pipeline/link/frames/frame.ts";
import type { OpenFrame } from "../../../../pipeline/link/frames/frame-security.ts";
import { frameRoom } from "../../../../pipeline/link/frames/link-protection.ts";
import { encodeCheckSymbols } from "../../../../pipeline/link/frames/reed-solomon.ts";
import { graceTime, openSendingEnd, ReceivingEnd } from "../../../../pipeline/link/security/associations.ts";
import { frameOpener, frameSealer } from "../../../../pipeline/link/security/frame-protection.ts";
import { securityIndex } from "../../../../pipeline/link/security/link-key.ts";
import {
  openFrameGate,
  openFrameGuard,
  openTelecommandGate,
  openTelecommandGuard,
  type LinkSecurity,
} from "../../../../pipeline/link/security/link-security.ts";
import {
  decodeNakMessage,
  encodeNakMessage,
  openNakMessage,
  sealNakMessage,
  type NakMessage,
} from "../../../../pipeline/link/transfer/nak-message.ts";
import { telecommandBytes, uplinkBytes } from "../../../../pipeline/link/transfer/turn-report.ts";
import { instant, type Instant } from "../../../../pipeline/units.ts";
import { crc32 } from "node:zlib";
import { testKey, testSecurity } from "./security-fixture.ts";

const payload = new Uint8Array(1000).map((_, at) => at);

const framed = (security: LinkSecurity, number = 0, station = "gs"): Uint8Array => {
  const coded = new Uint8Array(frameBytes);
  const pieces = [{ product: 1, offset: 0, total: 1000, data: payload }];
  const guard = openFrameGuard(security, "sat");
  packFrame(spacecraftId("sat"), number, () => pieces.shift() ?? null, coded, 0, guard.seal(station));
  return coded;
};

const gateOf = (security: LinkSecurity, at: () => Instant = () => instant(0)): OpenFrame =>
  openFrameGate(security, "sat", "gs", at);

/** What a station makes of a frame; a copy, as it comes. */
const heard = (frame: Uint8Array, gate: OpenFrame | null): string => {
  const reading = readFrame(frame.slice(), 0, gate);
  return reading.kind === "whole" ? "whole" : reading.reason;
};

/** Alters a byte as somebody would who knows the code: checksum and check symbols are right again. */
const altered = (frame: Uint8Array, at: number, mask = 1): Uint8Array => {
  const copy = frame.slice();
  copy[at]! ^= mask;
  new DataView(copy.buffer).setUint32(1115, crc32(copy.subarray(4, 1115)));
  encodeCheckSymbols(copy, 4);
  return copy;
};

describe.each(["auth", "encrypt"] as const)("frames under %s", (protection) => {
  it("arrive as they were packed, 22 bytes shorter", () => {
    const security = testSecurity(protection);
    const frame = framed(security, 7);
    const reading = readFrame(frame.slice(), 0, gateOf(security));
    expect(reading).toMatchObject({ kind: "whole", frameNumber: 7, spacecraft: spacecraftId("sat") });
    if (reading.kind !== "whole") return;
    expect(reading.pieces[0]?.data).toEqual(payload);
    const used = 1000 + 2 + 1 + 1 + 2;
    expect(reading.idle + used).toBe(frameRoom(protection));
    const isReadable = Buffer.from(frame).includes(Buffer.from(payload.subarray(0, 64)));
    expect(isReadable).toBe(protection === "auth");
  });

  it("show every alteration of header, number, data and code", () => {
    const security = testSecurity(protection);
    const gate = gateOf(security);
    for (let number = 0; number < 4; number++) {
      const frame = framed(security, number);
      for (const at of [4, 6, 7, 11, 13, 17, 19, 20, 500, 1098, 1099, 1114])
        expect(["forged", "sync", "replayed"]).toContain(heard(altered(frame, at), gate));
      // What was refused has moved nothing: the genuine one is still taken, once.
      expect(heard(frame, gate)).toBe("whole");
      expect(heard(frame, gate)).toBe("replayed");
    }
  });

  it("do not let a forged number move the window", () => {
    const security = testSecurity(protection);
    const gate = gateOf(security);
    const first = framed(security, 0);
    for (const mask of [0x80, 0xff]) expect(heard(altered(first, 16, mask), gate)).toBe("forged");
    expect(heard(first, gate)).toBe("whole");
    expect(heard(framed(security, 1), gate)).toBe("whole");
  });

  it("are refused in the clear, under another satellite's key, of another run, for another station", () => {
    const security = testSecurity(protection, { stations: ["gs", "other"] });
    const gate = gateOf(security);
    const clear = new Uint8Array(frameBytes);
    packFrame(spacecraftId("sat"), 0, () => null, clear, 0);
    expect(heard(clear, gate)).toBe("clear");
    const foreign = { ...security, keysOf: () => [testKey("W02", 1)] };
    expect(heard(framed(foreign), gate)).toBe("forged");
    expect(heard(framed(testSecurity(protection, { run: "yesterday" })), gate)).toBe("forged");
    expect(heard(framed(security, 0, "other"), gate)).toBe("unknown-key");
    expect(heard(framed(testSecurity(protection, { generations: [3] })), gate)).toBe("unknown-key");
    // A station without keys does not take a protected frame for a clear one.
    expect(heard(framed(security), null)).toBe("layout");
  });

  it("are judged alike by a station that is shown the stream again", () => {
    const security = testSecurity(protection);
    const stream = [0, 1, 2].map((n) => framed(security, n));
    const played = [...stream, stream[1]!, altered(stream[2]!, 300), ...stream];
    const verdicts = (): readonly string[] => {
      const gate = gateOf(security);
      return played.map((frame) => heard(frame, gate));
    };
    expect(verdicts()).toEqual(verdicts());
    expect(verdicts().filter((one) => one === "whole")).toHaveLength(3);
  });
});

describe("a new key", () => {
  const sent = (generation: number): LinkSecurity => testSecurity("auth", { generations: [generation] });

  it("leaves the old one a time of grace, from its first use on", () => {
    let now = instant(0);
    const gate = gateOf(testSecurity("auth", { generations: [2, 1] }), () => now);
    const [old, fresh] = [sent(1), sent(2)];
    const at = (t: number, security: LinkSecurity, number: number): string => {
      now = instant(t);
      return heard(framed(security, number), gate);
    };
    expect(at(0, old, 0)).toBe("whole");
    expect(at(1e6, old, 1)).toBe("whole"); // However late: nobody has used the new one.
    expect(at(1e6, fresh, 2)).toBe("whole");
    expect(at(1e6 + graceTime, old, 3)).toBe("whole");
    expect(at(1e6 + graceTime + 1, old, 4)).toBe("retired-key");
    expect(at(1e6 + graceTime + 1, fresh, 5)).toBe("whole");
  });

  it("is not put off by who has the old one, nor retired by it", () => {
    let now = instant(0);
    const gate = gateOf(testSecurity("auth", { generations: [2, 1] }), () => now);
    const [old, fresh] = [sent(1), sent(2)];
    expect(heard(framed(fresh, 0), gate)).toBe("whole");
    // Frames under the old key, right up to the end of its grace, neither prolong it …
    for (let n = 1; n < 5; n++) {
      now = instant((graceTime * n) / 4);
      expect(heard(framed(old, n), gate)).toBe("whole");
    }
    now = instant(graceTime + 1);
    expect(heard(framed(old, 6), gate)).toBe("retired-key");
    // … nor retire its successor, however late that comes.
    now = instant(100 * graceTime);
    expect(heard(framed(fresh, 7), gate)).toBe("whole");
  });

  it("is not made by forging one: a frame that names it changes nothing", () => {
    let now = instant(0);
    const gate = gateOf(testSecurity("auth", { generations: [2, 1] }), () => now);
    const old = sent(1);
    const frame = framed(old, 0);
    expect(heard(altered(frame, 14, 0x30), gate)).toBe("forged"); // Index of generation 2.
    now = instant(10 * graceTime);
    expect(heard(framed(old, 1), gate)).toBe("whole");
  });

  it("has a window of its own", () => {
    const channel = {
      run: "run",
      satellite: "sat",
      direction: "down",
      ground: "gs",
      groundIndex: 1,
    } as const;
    const end = new ReceivingEnd("auth", channel, [testKey("sat", 1), testKey("sat", 2)]);
    const gate = frameOpener(end, () => instant(0));
    for (const generation of [1, 2]) {
      const coded = new Uint8Array(frameBytes);
      const seal = frameSealer(
        openSendingEnd("auth", channel, testKey("sat", generation), { next: () => 5 }),
      );
      packFrame(1, 0, () => null, coded, 0, seal);
      expect(heard(coded, gate)).toBe("whole");
      expect(heard(coded, gate)).toBe("replayed");
    }
  });

  it("has an index that is never 0 or 65,535, one for each end and direction", () => {
    const seen = new Set<number>();
    for (let generation = 1; generation <= 15; generation++) {
      for (const groundIndex of [0, 1, 2046])
        for (const direction of ["up", "down"] as const)
          seen.add(securityIndex({ direction, groundIndex }, generation));
    }
    expect(seen.size).toBe(90);
    expect(seen.has(0) || seen.has(0xffff)).toBe(false);
    expect(() => securityIndex({ direction: "up", groundIndex: 2047 }, 1)).toThrow(/at most 2046 stations/);
  });
});

describe.each(["auth", "encrypt"] as const)("telecommands under %s", (protection) => {
  const report = (turn: number, ranges = 2): NakMessage => ({
    kind: "report",
    report: {
      contact: "sat.gs.1",
      turn,
      heard: true,
      missing: Array.from({ length: ranges }, (_, n) => [n * 300, n * 300 + 130] as const),
    },
  });

  it("say what they said, one frame or several", () => {
    const security = testSecurity(protection);
    const seal = openTelecommandGuard(security, "gs")("sat");
    const gate = openTelecommandGate(security, "sat");
    const asked: NakMessage = {
      kind: "requests",
      asked: { contact: "sat.gs.1", requests: [{ acquisition: 4, tile: 70_000 }] },
    };
    for (const said of [report(0), report(1, 2000), asked])
      expect(openNakMessage(sealNakMessage(said, seal), () => gate(instant(0)))).toEqual(said);
  });

  it("are refused when altered, played again, in the clear, or under another key", () => {
    const security = testSecurity(protection);
    const seal = openTelecommandGuard(security, "gs")("sat");
    const gate = openTelecommandGate(security, "sat");
    const open = (message: Uint8Array): unknown => {
      const said = openNakMessage(message, () => gate(instant(0)));
      return said.kind === "refused" ? said.reason : said.kind;
    };
    const message = sealNakMessage(report(3), seal);
    // The contact, whether it was heard, the numbers, the code: all of it.
    for (const at of [9, 15, message.length - 30, message.length - 1]) {
      const copy = message.slice();
      copy[at]! ^= 1;
      expect(["forged", "unknown-key"]).toContain(open(copy));
    }
    expect(open(encodeNakMessage(report(3)))).toBe("clear");
    const strange = openTelecommandGuard({ ...security, keysOf: () => [testKey("W02", 1)] }, "gs")("sat");
    expect(open(sealNakMessage(report(3), strange))).toBe("forged");
    expect(open(message)).toBe("report");
    expect(open(message)).toBe("replayed");
    expect(() => decodeNakMessage(message)).toThrow(/a link without keys/);
  });

  it("of one end are no other's: each has its key and its numbers", () => {
    const security = testSecurity(protection, { stations: ["gs", "other"] });
    const gate = openTelecommandGate(security, "sat");
    for (const ground of ["gs", "other", "centre"]) {
      const message = sealNakMessage(report(0), openTelecommandGuard(security, ground)("sat"));
      expect(openNakMessage(message, () => gate(instant(0))).kind).toBe("report");
    }
  });

  it("cost 22 bytes a telecommand frame, coding aside", () => {
    expect(telecommandBytes(10, protection)).toBe(2 + 8 * Math.ceil((10 + 7 + 22) / 7) + 8);
    expect(telecommandBytes(1017 - 22, protection)).toBe(telecommandBytes(1017));
    expect(telecommandBytes(1017 - 21, protection)).toBeGreaterThan(telecommandBytes(1017));
    const said = report(1);
    if (said.kind === "report")
      expect(uplinkBytes(said.report, protection)).toBeGreaterThan(uplinkBytes(said.report));
  });
});
