import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Downlink } from "../../../operators/flight/downlink.ts";
import { frameTransmitter, type FrameRadio } from "../../../operators/onboard/frame-radio.ts";
import { Inventory } from "../../../operators/flight/inventory.ts";
import { noisyChannel } from "../../../pipeline/link/frames/channel.ts";
import { frameBytes, spacecraftId } from "../../../pipeline/link/frames/frame.ts";
import { framedSize } from "../../../pipeline/link/frames/framed-size.ts";
import { LinkMeter } from "../../../pipeline/link/frames/metered.ts";
import { bitsAvailable, type LinkRate } from "../../../pipeline/link/rate/link-rate.ts";
import { Reassembler } from "../../../pipeline/link/transfer/reassembly.ts";
import { FrameReceiver } from "../../../pipeline/link/transfer/reception.ts";
import type { LinkSegment, TurnReport } from "../../../pipeline/link/frames/segment.ts";
import type { Contact } from "../../../pipeline/orbit/contact.ts";
import { seeded } from "../../../pipeline/seeded.ts";
import type { ContactUse } from "../../../pipeline/mission/ledger.ts";
import {
  bitsPerSecond,
  bytes,
  degrees,
  instant,
  metres,
  seconds,
  type Instant,
} from "../../../pipeline/units.ts";

const contactAt = (n: number, aos: number, length: number): Contact => ({
  id: `sat.gs.${n}`,
  satellite: "sat",
  station: "gs",
  antenna: 0,
  aos: instant(aos),
  lockedAt: instant(aos),
  los: instant(aos + length),
  backhaul: seconds(0),
  maxElevation: degrees(40),
  samples: [0, length].map((dt) => ({
    at: instant(aos + dt),
    elevation: degrees(20),
    range: metres(1_200_000),
  })),
});

interface Weather {
  readonly bitErrorRate: number;
  readonly segmentLossRate: number;
  readonly outages: readonly { station: string; from: Instant; to: Instant }[];
}

/** A satellite with its products, a channel, and the real receiving end: what a station and the mission centre do. */
const world = (sizes: readonly number[], weather: Weather, seed: number) => {
  const envelopes = sizes.map((size, i) => {
    const random = seeded(seed, "payload", i);
    return Uint8Array.from({ length: size }, () => random.integer(256));
  });
  const inventory = new Inventory({ capacity: bytes(1e12) }, () => undefined);
  for (const [number, size] of sizes.entries()) {
    inventory.add(number, {
      kind: number % 3 === 0 ? "detections" : "tile-lossless",
      tile: null,
      readyAt: instant(number * 7),
      workAt: seconds(0),
      value: 0,
      size,
      slot: null,
    });
  }
  const channel = noisyChannel({ ...weather, seed });
  const receiver = new FrameReceiver("sat");
  const reassembler = new Reassembler({ capacity: bytes(1e9) });
  const reports = new Map<string, TurnReport>();
  const sent: LinkSegment[] = [];
  const received = new Map<number, Uint8Array>();
  const radio: FrameRadio = {
    satellite: "sat",
    spacecraftId: spacecraftId("sat"),
    meter: new LinkMeter((number) => (number % 3 === 0 ? "detections" : "tile-lossless")),
    rate: { kind: "fixed", rate: bitsPerSecond(400_000) } as LinkRate,
    seal: null,
    read: async ({ number }) => envelopes[number] as Uint8Array,
    send: async (segment: LinkSegment) => {
      sent.push(segment);
      const { pieces, report } = receiver.accept(channel(segment).segment);
      for (const piece of pieces) {
        const done = reassembler.accept(piece, segment.sentTo);
        if (done !== null) received.set(done.product, done.envelope);
      }
      if (report !== null) reports.set(`${report.contact}/${report.turn}`, report);
    },
    report: async (contact: string, turn: number) => reports.get(`${contact}/${turn}`) as TurnReport,
  };
  return { radio, inventory, sent, received, envelopes };
};

/** One contact, from beginning to end. */
const transmit = async (radio: FrameRadio, inventory: Inventory, contact: Contact): Promise<ContactUse> => {
  const downlink = new Downlink([contact], {
    inventory,
    rate: radio.rate,
    protection: "none",
    transmit: frameTransmitter(radio),
    onSending: () => undefined,
    onClosed: () => undefined,
  });
  await downlink.advance(instant(Infinity));
  return downlink.uses[0] as ContactUse;
};

/** Products that the satellite still has. */
const onBoardOf = (inventory: Inventory): readonly number[] =>
  inventory.close().flatMap(({ fate, number }) => (fate === "on-board" ? [number] : []));

const clear: Weather = { bitErrorRate: 0, segmentLossRate: 0, outages: [] };

describe("Downlink", () => {
  it("delivers everything that fits, byte for byte, whatever the channel does", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 12 }),
        fc.constantFrom(0, 1e-6, 1e-4, 2e-3),
        fc.constantFrom(0, 0.1, 0.4),
        fc.nat(1000),
        async (sizes, bitErrorRate, segmentLossRate, seed) => {
          const { radio, inventory, sent, received, envelopes } = world(
            sizes,
            { bitErrorRate, segmentLossRate, outages: [] },
            seed,
          );
          const contacts = [contactAt(0, 5, 60), contactAt(1, 6000, 200), contactAt(2, 12_000, 400)];
          for (const contact of contacts) {
            const use = await transmit(radio, inventory, contact);
            const mine = sent.filter((segment) => segment.contact === contact.id);
            for (const { sentFrom, sentTo } of mine) {
              expect(sentFrom).toBeGreaterThanOrEqual(contact.aos);
              expect(sentTo).toBeLessThanOrEqual(contact.los);
              expect(sentTo).toBeGreaterThan(sentFrom);
            }
            const bits = mine.reduce((sum, { frameCount }) => sum + frameCount * frameBytes * 8, 0);
            expect(bits).toBe(use.total * 8);
            expect(bits).toBeLessThanOrEqual(
              bitsAvailable(contact, radio.rate, contact.aos, contact.los) + 1,
            );
          }
          for (const [number, envelope] of received) {
            expect(Buffer.from(envelope).equals(envelopes[number] as Uint8Array)).toBe(true);
          }
          // bytes in = delivered + still on board: what the satellite gave up, the ground has, and nothing else.
          const onBoard = new Set(onBoardOf(inventory));
          expect(onBoard.size + received.size).toBe(sizes.length);
          for (const number of received.keys()) expect(onBoard.has(number)).toBe(false);
          if (bitErrorRate === 0 && segmentLossRate === 0) expect(received.size).toBe(sizes.length);
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  });

  it("sends results before imagery, and imagery in the order in which it was ready", async () => {
    const { radio, inventory, received } = world([900, 30_000, 30_000, 900, 30_000], clear, 1);
    await transmit(radio, inventory, contactAt(0, 100, 600));
    expect([...received.keys()]).toEqual([0, 3, 1, 2, 4]);
  });

  it("waits inside a contact for what becomes ready in it", async () => {
    const { radio, inventory, sent } = world([500, 500], clear, 1);
    await transmit(radio, inventory, contactAt(0, 1, 60));
    expect(sent.map(({ sentFrom }) => sentFrom)).toEqual([1, 7]);
  });

  it("gives up on a station that is out, loses nothing, and goes on in the next contact", async () => {
    const outages = [{ station: "gs", from: instant(0), to: instant(500) }];
    const { radio, inventory, received, sent } = world([20_000, 20_000], { ...clear, outages }, 3);
    const silent = await transmit(radio, inventory, contactAt(0, 10, 300));
    expect(silent.silentTurns).toBe(3);
    expect(silent.total).toBeGreaterThan(0);
    expect(received.size).toBe(0);
    expect(inventory.store.products).toHaveLength(2);
    const heard = await transmit(radio, inventory, contactAt(1, 1000, 300));
    expect(heard.resent).toBe(40_000);
    expect(received.size).toBe(2);
    expect(inventory.store.products).toHaveLength(0);
    expect(sent.at(-1)?.contact).toBe("sat.gs.1");
  });

  it("sends nothing while the rate is 0, and counts no time of the transmitter for it", async () => {
    const { radio, inventory, sent, received } = world([500, 500, 20_000], clear, 1);
    const rate: LinkRate = {
      kind: "by-elevation",
      steps: [{ fromElevation: degrees(10), rate: bitsPerSecond(400_000) }],
    };
    const contact: Contact = {
      ...contactAt(0, 0, 200),
      samples: [0, 100, 200].map((at) => ({
        at: instant(at),
        elevation: degrees(at === 100 ? 20 : 0),
        range: metres(1_200_000),
      })),
    };
    const use = await transmit({ ...radio, rate }, inventory, contact);
    expect(received.size).toBe(3);
    expect(sent[0]?.sentFrom).toBe(50);
    expect(use.transmitSeconds).toBeCloseTo((use.total * 8) / 400_000, 6);
  });

  it("accounts for every byte of every frame: payload, resent, idle, framing", async () => {
    const { radio, inventory, sent } = world([40_000, 900, 30_000], { ...clear, segmentLossRate: 0.3 }, 4);
    const use = await transmit(radio, inventory, contactAt(0, 50, 100));
    const { payload, resent, idle, framing, total } = use;
    expect(total).toBe(sent.reduce((sum, { frames }) => sum + frames.length, 0));
    expect(Object.values(payload).reduce((a, b) => a + b, 0) + resent + idle + framing).toBe(total);
    expect(payload.detections).toBe(40_000);
    expect(payload["tile-lossless"]).toBe(30_900);
    expect(resent).toBeGreaterThan(0);
  });

  it("takes what framedSize says on a link without errors, within half a per cent", async () => {
    const { radio, inventory, envelopes } = world(
      Array.from({ length: 60 }, (_, i) => 20_000 + 977 * i),
      clear,
      2,
    );
    const rate: LinkRate = { kind: "fixed", rate: bitsPerSecond(20e6) };
    const use = await transmit({ ...radio, rate }, inventory, contactAt(0, 1000, 600));
    const payload = envelopes.reduce((sum, { length }) => sum + length, 0);
    const expected = framedSize(bytes(payload), envelopes.length);
    expect(Math.abs(use.total / expected - 1)).toBeLessThan(0.005);
    expect(framedSize(bytes(0), 0)).toBe(0);
  });

  it("keeps to the rate however fast the link: instants are coarse against a frame of a microsecond", async () => {
    const { radio, inventory, sent } = world([3_000_000], clear, 2);
    const start = 1_790_000_000;
    const rate: LinkRate = { kind: "fixed", rate: bitsPerSecond(10e9) };
    const use = await transmit({ ...radio, rate }, inventory, contactAt(0, start, 60));
    const span = (sent.at(-1)?.sentTo ?? 0) - start;
    expect(Math.abs(span / ((use.total * 8) / 10e9) - 1)).toBeLessThan(1e-3);
  });

  it("asks after a fixed number of frames what is missing, however fast the link", async () => {
    const { radio, inventory } = world([45_000_000], clear, 2);
    const rate: LinkRate = { kind: "fixed", rate: bitsPerSecond(1e9) };
    expect((await transmit({ ...radio, rate }, inventory, contactAt(0, 1000, 60))).turns).toBe(2);
  });

  it("sends nothing in a contact too short for a frame and its report", async () => {
    const { radio, inventory, sent } = world([500], clear, 1);
    expect((await transmit(radio, inventory, contactAt(0, 10, 0.05))).frames).toBe(0);
    expect(sent).toEqual([]);
  });
});
