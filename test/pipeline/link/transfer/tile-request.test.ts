import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeOpening,
  encodeOpening,
  isOpening,
} from "../../../../pipeline/link/transfer/contact-opening.ts";
import { encodeReport } from "../../../../pipeline/link/transfer/turn-report.ts";
import {
  asksForTiles,
  decodeRequests,
  encodeRequests,
  requestBytes,
} from "../../../../pipeline/link/transfer/tile-request.ts";

const request = fc.record({ acquisition: fc.nat(2 ** 31), tile: fc.nat(65_534) });

describe("requests for tiles", () => {
  it("come back as they were sent, and are told from reports", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(request, { maxLength: 40 }), (contact, requests) => {
        const message = encodeRequests({ contact, requests });
        expect(asksForTiles(message)).toBe(true);
        expect(decodeRequests(message)).toEqual({
          contact: Buffer.from(contact).toString(),
          requests,
        });
        const report = encodeReport({ contact, turn: requests.length, missing: [], heard: true });
        expect(asksForTiles(report)).toBe(false);
      }),
      { seed: 5 },
    );
  });

  it("are refused when cut short or of another version", () => {
    const message = encodeRequests({ contact: "sat.gs.1", requests: [{ acquisition: 300, tile: 7 }] });
    for (let end = 0; end < message.length; end++)
      expect(() => decodeRequests(message.subarray(0, end))).toThrow(/no request for tiles/);
    expect(() => decodeRequests(Uint8Array.of(...message, 0))).toThrow(/no request for tiles/);
    expect(() => decodeRequests(message.with(1, 2))).toThrow(/no request for tiles of version 1/);
  });

  it("cost what telecommand units cost, and nothing when there are none", () => {
    expect(requestBytes([])).toBe(0);
    // 1 + 2 + 1 octets in one unit: 2 + ⌈(4 + 7) / 7⌉ · 8 + 8.
    expect(requestBytes([{ acquisition: 300, tile: 7 }])).toBe(26);
  });
});

describe("a contact that opens", () => {
  it("is told from segments and from the end of a satellite's part", () => {
    const message = encodeOpening("walker-1-1.Svalbard.3");
    expect(isOpening(message)).toBe(true);
    expect(decodeOpening(message)).toBe("walker-1-1.Svalbard.3");
    expect(isOpening(new Uint8Array())).toBe(false);
    expect(isOpening(Buffer.from("SWL\u0001…"))).toBe(false);
    expect(() => decodeOpening(Buffer.from("SWL\u0001…"))).toThrow(/does not tell of a contact/);
  });
});
