import { describe, expect, it } from "vitest";
import { lightTime } from "../../../pipeline/link/rate/light-time.ts";
import { timeToSend } from "../../../pipeline/link/rate/link-rate.ts";
import { frameBytes } from "../../../pipeline/link/frames/frame.ts";
import { bitsPerSecond, bytes, degrees, instant } from "../../../pipeline/units.ts";
import { Receiver } from "../../../stations/receive/receiver.ts";
import type { FakeScene } from "../../fake-scene.ts";
import { contactOf, fly, planOf } from "../../mission-fixture.ts";

const scenes: readonly FakeScene[] = [{ id: "a", width: 120, height: 120 }];

describe("Receiver", () => {
  it("dates every frame by its own last bit, light time included, also where the rate changes", async () => {
    const contact = {
      ...contactOf(0, 1000, 300),
      samples: [1000, 1150, 1300].map((at, i) => ({
        ...contactOf(0, 1000, 300).samples[0]!,
        at: instant(at),
        elevation: degrees([0, 60, 0][i]!),
      })),
    };
    const plan = planOf(scenes, {
      contacts: { ...planOf(scenes).contacts, contacts: [contact] },
      rate: {
        kind: "by-elevation",
        steps: [
          { fromElevation: degrees(5), rate: bitsPerSecond(50_000) },
          { fromElevation: degrees(6), rate: bitsPerSecond(400_000) },
        ],
      },
    });
    const { backhaul, segments, ledger } = await fly(plan, scenes);
    const heard = [...new Set(backhaul.flatMap(({ pieces }) => pieces.map(({ heardAt }) => heardAt)))];
    const frames = segments.flatMap(({ sentFrom, frameCount }) =>
      Array.from({ length: frameCount }, (_, n) =>
        timeToSend(contact, plan.rate, sentFrom, bytes((n + 1) * frameBytes)),
      ),
    );
    expect(frames.length).toBe(ledger.contacts[0]?.frames);
    expect(heard).toHaveLength(frames.length);
    frames.forEach((sent, i) => {
      const at = instant(sent ?? 0);
      expect(heard[i]).toBeCloseTo(at + lightTime(contact, at), 5);
    });
    expect(segments[0]?.sentFrom).toBe(1012.5);
    // Slow frames first, fast ones later: an even spread over the segment would be seconds off.
    const gaps = heard.slice(1).map((at, i) => at - (heard[i] ?? 0));
    expect(Math.max(...gaps) / Math.min(...gaps)).toBeCloseTo(8, 1);
  });

  it("gives the same answers to the same segments, and counts every frame once", async () => {
    const plan = planOf(scenes, {
      errors: { bitErrorRate: 2e-3, segmentLossRate: 0.3, outages: [] },
      contacts: { ...planOf(scenes).contacts, contacts: [contactOf(0, 1000, 40)] },
    });
    const { stations, ledger } = await fly(plan, scenes);
    const [heard] = stations[0]?.ledger.satellites ?? [];
    expect(heard?.frames).toBe(ledger.contacts[0]?.frames);
    expect((heard?.acceptedFrames ?? 0) + (heard?.corruptFrames ?? 0) + (heard?.lostFrames ?? 0)).toBe(
      heard?.frames,
    );
    expect(heard?.correctedFrames).toBeGreaterThan(0);
    expect(heard?.uplink).toBeGreaterThan(0);
    expect(heard?.reports).toBe((ledger.contacts[0]?.turns ?? 0) - (ledger.contacts[0]?.silentTurns ?? 0));
    expect(stations[1]?.ledger.satellites).toEqual([]);
    const again = await fly(plan, scenes);
    expect(again.stations[0]?.ledger).toEqual(stations[0]?.ledger);
  });

  it("drops a segment that comes twice, and refuses one of another station's contact", async () => {
    const plan = planOf(scenes);
    const { segments } = await fly(plan, scenes);
    const receiver = new Receiver(plan, "gs");
    const first = segments.flatMap((segment) => receiver.accept(segment));
    expect(first).toHaveLength(segments.length);
    expect(segments.flatMap((segment) => receiver.accept(segment))).toEqual([]);
    const segment = segments[0]!;
    expect(() => new Receiver(plan, "other").accept(segment)).toThrow(/not in its plan/);
  });
});
