import { describe, expect, it } from "vitest";
import { frameBytes } from "../../../pipeline/link/frames/frame.ts";
import { noisyChannel } from "../../../pipeline/link/frames/channel.ts";
import { protectionBytes } from "../../../pipeline/link/frames/link-protection.ts";
import type { SatelliteLedger } from "../../../pipeline/mission/ledger.ts";
import { Receiver } from "../../../stations/receive/receiver.ts";
import type { FakeScene } from "../../fake-scene.ts";
import { contactOf, fly, planOf } from "../../mission-fixture.ts";
import { testSecurity } from "../../pipeline/link/security/security-fixture.ts";

const scenes: readonly FakeScene[] = [
  { id: "a", width: 200, height: 160 },
  { id: "b", width: 120, height: 120 },
];

const plan = (protection: "none" | "auth" | "encrypt", noise = 0) =>
  planOf(scenes, {
    protection,
    errors: { bitErrorRate: noise, segmentLossRate: noise * 100, outages: [] },
    contacts: { ...planOf(scenes).contacts, contacts: [contactOf(0, 1000, 300), contactOf(1, 3000, 300)] },
  });

const productsOf = ({ products }: SatelliteLedger): unknown =>
  products.map(({ number, kind, size, fate, readyAt }) => ({ number, kind, size, fate, readyAt }));

describe("a flight whose link is protected", () => {
  it.each(["auth", "encrypt"] as const)(
    "delivers the same under %s, and counts what it costs",
    async (kind) => {
      const clear = await fly(plan("none"), scenes);
      const kept = await fly(plan(kind), scenes, {}, undefined, testSecurity(kind));
      expect(productsOf(kept.ledger)).toEqual(productsOf(clear.ledger));
      expect(kept.ledger.acquisitions).toEqual(clear.ledger.acquisitions);
      for (const use of kept.ledger.contacts) {
        expect(use.total).toBe(use.frames * frameBytes);
        const parts =
          Object.values(use.payload).reduce((sum, n) => sum + n, 0) + use.resent + use.idle + use.framing;
        expect(parts).toBe(use.total);
        // Of what frames have besides pieces, security is a part: sync, headers, checksum, check symbols are 178.
        expect(use.framing).toBeGreaterThanOrEqual(use.frames * (178 + protectionBytes(kind)));
      }
      const [heard] = kept.stations[0]?.ledger.satellites ?? [];
      expect(heard?.acceptedFrames).toBe(heard?.frames);
      expect(heard?.uplink).toBeGreaterThan(clear.stations[0]?.ledger.satellites[0]?.uplink ?? 0);
    },
  );

  it("comes to the same ledger whatever numbers its frames bear, noise and all", async () => {
    const security = testSecurity("encrypt");
    const first = await fly(plan("encrypt", 1e-4), scenes, {}, undefined, security);
    // The second life of the satellite goes on with later numbers.
    const second = await fly(plan("encrypt", 1e-4), scenes, {}, undefined, security);
    expect(second.ledger).toEqual(first.ledger);
    expect(second.stations.map(({ ledger }) => ledger)).toEqual(first.stations.map(({ ledger }) => ledger));
    expect(Buffer.from(second.segments[0]!.frames).equals(Buffer.from(first.segments[0]!.frames))).toBe(
      false,
    );
  });

  it("goes on in a contact that another life of it began", async () => {
    const security = testSecurity("auth");
    const first = await fly(plan("auth"), scenes, {}, undefined, security);
    const second = await fly(plan("auth"), scenes, {}, undefined, security);
    const half = first.segments.length >> 1;
    const mixed = [...first.segments.slice(0, half), ...second.segments.slice(half)];
    const receiver = new Receiver(plan("auth"), "gs", testSecurity("auth"));
    const channel = noisyChannel({ ...plan("auth").errors, seed: 1 });
    for (const segment of mixed) receiver.accept(channel(segment).segment);
    expect(receiver.ledger).toEqual(first.stations[0]?.ledger);
  });

  it("has what a stranger sends in its place refused, frame by frame, and asked for again", async () => {
    const { segments } = await fly(plan("auth"), scenes, {}, undefined, testSecurity("auth"));
    const forged = await fly(plan("none"), scenes);
    const receiver = new Receiver(plan("auth"), "gs", testSecurity("auth"));
    const [heard] = receiver.accept({ ...forged.segments[0]!, endsTurn: segments[0]!.endsTurn });
    expect(heard?.backhaul).toBeNull();
    expect(new Set(heard?.refusals)).toEqual(new Set(["clear"]));
    expect(heard?.refusals).toHaveLength(forged.segments[0]!.frameCount);
    const again = receiver.accept({
      ...segments[0]!,
      turn: segments[0]!.endsTurn ? 1 : 0,
      segment: segments[0]!.endsTurn ? 0 : 1,
    });
    expect(again[0]?.refusals).toEqual([]);
  });
});
