import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { noisyChannel } from "../../../../pipeline/link/frames/channel.ts";
import type { ChannelErrors } from "../../../../pipeline/link/frames/channel.ts";
import { LinkMeter, metered } from "../../../../pipeline/link/frames/metered.ts";
import type { Piece } from "../../../../pipeline/link/frames/piece.ts";
import { Reassembler } from "../../../../pipeline/link/transfer/reassembly.ts";
import { FrameReceiver } from "../../../../pipeline/link/transfer/reception.ts";
import type { FrameCounts } from "../../../../pipeline/link/transfer/reception.ts";
import { uplinkBytes } from "../../../../pipeline/link/transfer/turn-report.ts";
import { SegmentOrder } from "../../../../pipeline/link/frames/segment-order.ts";
import type { TurnReport } from "../../../../pipeline/link/frames/segment.ts";
import { seeded } from "../../../../pipeline/seeded.ts";
import { bytes, instant } from "../../../../pipeline/units.ts";
import { bytesOf, PlainSender } from "../fixture.ts";

const perfect: ChannelErrors = { bitErrorRate: 0, segmentLossRate: 0, outages: [] };

interface Transfer {
  readonly envelopes: ReadonlyMap<number, Uint8Array>;
  readonly counts: readonly FrameCounts[];
  readonly reports: readonly TurnReport[];
  readonly pieces: readonly { readonly piece: Piece; readonly at: number }[];
}

/** Sends turn after turn through the channel until the satellite knows that everything has arrived. */
const transfer = (sent: readonly Uint8Array[], errors: ChannelErrors, seed: number): Transfer => {
  const sender = new PlainSender(sent, 3);
  const channel = noisyChannel({ ...errors, seed });
  const receiver = new FrameReceiver("sat");
  const centre = new Reassembler({ capacity: bytes(1e8) });
  const envelopes = new Map<number, Uint8Array>();
  const counts: FrameCounts[] = [];
  const reports: TurnReport[] = [];
  const pieces: { piece: Piece; at: number }[] = [];
  for (let turn = 0; !sender.isDone; turn++) {
    if (turn === 500) throw new Error("does not come to an end");
    for (const segment of sender.turn("sat.gs.0", 7)) {
      const { segment: heard } = channel(segment);
      const reception = receiver.accept(heard);
      counts.push(reception.counts);
      for (const piece of reception.pieces) {
        pieces.push({ piece, at: turn });
        const done = centre.accept(piece, instant(turn));
        if (done && envelopes.has(done.product)) throw new Error("completed twice");
        if (done) envelopes.set(done.product, done.envelope);
      }
      if (reception.report) {
        reports.push(reception.report);
        sender.hear(reception.report);
      }
    }
  }
  expect(centre.incomplete).toEqual([]);
  expect(centre.held).toBe(0);
  return { envelopes, counts, reports, pieces };
};

const errorRates = fc.record({
  bitErrorRate: fc.constantFrom(0, 1e-5, 1e-3, 4e-3),
  segmentLossRate: fc.constantFrom(0, 0.1, 0.5),
  outages: fc.constantFrom([], [{ station: "gs", from: instant(1), to: instant(4) }]),
});

describe("a transfer over the link", () => {
  it("delivers every product byte for byte, whatever is lost on the way", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lengths, errorRates, fc.nat(), (sizes, errors, seed) => {
        const sent = sizes.map((length, i) => bytesOf(length, seed + i));
        const { envelopes, counts } = transfer(sent, errors, seed);
        expect(sent.every((envelope, i) => Buffer.compare(envelope, envelopes.get(i)!) === 0)).toBe(true);
        for (const c of counts)
          expect(c.intact + c.corrected + c.corrupt + c.duplicate + c.lost).toBe(c.sent);
      }),
      { numRuns: 40 },
    );
  });

  it("goes the same way again with the same seed, another way with another", () => {
    const sent = [bytesOf(30_000, 1)];
    const errors = { ...perfect, bitErrorRate: 6e-3, segmentLossRate: 0.2 };
    const { reports } = transfer(sent, errors, 1);
    expect(reports.some((r) => r.missing.length > 0)).toBe(true);
    expect(transfer(sent, errors, 1).reports).toEqual(reports);
    expect(transfer(sent, errors, 2).reports).not.toEqual(reports);
  });

  it("mends what Reed–Solomon can and counts it", () => {
    const { counts } = transfer([bytesOf(40_000, 1)], { ...perfect, bitErrorRate: 1e-3 }, 3);
    const total = (key: keyof FrameCounts): number => counts.reduce((sum, c) => sum + c[key], 0);
    expect(total("corrected")).toBeGreaterThan(30);
    expect(total("correctedSymbols")).toBeGreaterThan(5 * total("corrected"));
    expect(total("corrupt")).toBe(0);
  });

  it("reports an outage as not heard, and costs no uplink then", () => {
    const outages = [{ station: "gs", from: instant(0), to: instant(2) }];
    const { reports } = transfer([bytesOf(9000, 1)], { ...perfect, outages }, 1);
    expect(reports.map((r) => r.heard).slice(0, 4)).toEqual([false, false, true, true]);
    expect(reports.map((r) => Number(uplinkBytes(r))).slice(0, 3)).toEqual([0, 0, 26]);
    const elsewhere = [{ station: "other", from: instant(0), to: instant(2) }];
    expect(transfer([bytesOf(9000, 1)], { ...perfect, outages: elsewhere }, 1).reports[0]!.heard).toBe(true);
  });

  it("puts products together from pieces in any order, repeated at will, to the same end at the same time", () => {
    const sent = [bytesOf(5000, 1), bytesOf(300, 2), bytesOf(12_000, 3)];
    const { pieces } = transfer(sent, { ...perfect, segmentLossRate: 0.3 }, 4);
    const outcome = (order: typeof pieces): unknown => {
      const centre = new Reassembler({ capacity: bytes(1e6) });
      const done = order.map(({ piece, at }) => centre.accept(piece, instant(at))).filter((c) => c !== null);
      const digests = done.map((c) => ({ ...c, envelope: Buffer.from(c.envelope).toString("base64") }));
      return digests.toSorted((a, b) => a.product - b.product);
    };
    const expected = outcome(pieces);
    const whole = sent.map((envelope, product) => ({
      product,
      envelope: Buffer.from(envelope).toString("base64"),
    }));
    expect(expected).toMatchObject(whole);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = seeded(seed);
        const shuffled = [...pieces, ...pieces.slice(0, 5)]
          .map((p) => ({ p, key: random.uniform() }))
          .toSorted((a, b) => a.key - b.key);
        expect(outcome(shuffled.map(({ p }) => p))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});

describe("what can go wrong on the ground", () => {
  const piece = (product: number, total: number): Piece => ({
    product,
    offset: 0,
    total,
    data: new Uint8Array(1),
  });

  it("bounds the memory for incomplete products, and gives it back", () => {
    const centre = new Reassembler({ capacity: bytes(1000) });
    centre.accept(piece(1, 600), instant(0));
    expect(() => centre.accept(piece(2, 600), instant(0))).toThrow(
      "no memory left to put product 2 together: wanted at most 1000 bytes for incomplete products, got 600 held and 600 more",
    );
    expect(centre.incomplete).toEqual([1]);
    expect(centre.forget(1)).toBe(1);
    expect(centre.forget(1)).toBe(0);
    centre.accept(piece(2, 600), instant(0));
    expect(() => centre.accept(piece(2, 601), instant(0))).toThrow(/contradicts/);
  });

  it("puts segments in order again, each once, and does not wait for ever", () => {
    const sender = new PlainSender([bytesOf(20_000, 1)], 2);
    const turns = [...sender.turn("c", 6), ...sender.turn("c", 6)];
    const expected = turns.map((s) => s.firstFrame);
    fc.assert(
      fc.property(fc.shuffledSubarray([...turns, ...turns], { minLength: turns.length * 2 }), (shuffled) => {
        const order = new SegmentOrder({ waiting: 12 });
        expect(shuffled.flatMap((s) => order.accept(s)).map((s) => s.firstFrame)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
    const impatient = new SegmentOrder({ waiting: 1 });
    impatient.accept(turns[2]!);
    expect(() => impatient.accept(turns[3]!)).toThrow(/segment 0 of turn 0 of contact c never came/);
  });

  it("does not take another satellite's frames for its own", () => {
    const [segment] = new PlainSender([bytesOf(500, 1)]).turn("c", 5);
    expect(new FrameReceiver("other").accept(segment!)).toMatchObject({
      pieces: [],
      counts: { corrupt: 1 },
      report: { heard: false },
    });
  });
});

describe("the meter", () => {
  it("counts every byte once: total = payload + resent + idle + framing", async () => {
    const sent = [bytesOf(5000, 1), bytesOf(70, 2)];
    const sender = new PlainSender(sent, 2);
    const usages: { total: number; parts: number; resent: number; chips: number; detections: number }[] = [];
    const meter = new LinkMeter((product) => (product === 0 ? "chips" : "detections"));
    const send = metered(
      async () => undefined,
      meter,
      ({ total, payload, resent, idle, framing }) => {
        const parts = Object.values(payload).reduce((a, b) => a + b) + resent + idle + framing;
        usages.push({ total, parts, resent, chips: payload.chips, detections: payload.detections });
      },
    );
    const first = sender.turn("c", 100);
    for (const segment of first) await send(segment);
    const frames = first.reduce((n, s) => n + s.frameCount, 0);
    sender.hear({ contact: "c", turn: 0, missing: [[1, 1]], heard: true });
    for (const segment of sender.turn("c", 100)) await send(segment);
    const sum = (key: keyof (typeof usages)[0]): number => usages.reduce((n, u) => n + u[key], 0);
    expect(sum("parts")).toBe(sum("total"));
    expect(sum("total")).toBe((frames + 1) * 1279);
    expect([sum("chips"), sum("detections")]).toEqual([5000, 70]);
    expect(sum("resent")).toBeGreaterThan(1000);

    expect(uplinkBytes({ contact: "c", turn: 0, missing: [[1, 1]], heard: true })).toBe(26);
  });

  it("refuses to count what a channel has altered", () => {
    const [segment] = new PlainSender([bytesOf(500, 1)]).turn("c", 5);
    segment!.frames.fill(0, 0, 600);
    expect(() => new LinkMeter(() => "chips").measure(segment!)).toThrow(/put the meter before the channel/);
  });
});
