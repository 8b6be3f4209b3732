import { tmpdir } from "node:os";
import { parsePolicy } from "../operators/policies/policy-choice.ts";
import { alone } from "../operators/mesh/mesh.ts";
import { flyMission, type MissionPorts } from "../operators/onboard/satellite-flight.ts";
import { findSpacecraftPreset } from "../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../operators/presets/spacecraft-preset.ts";
import type { PixelTools } from "../operators/onboard/pixel-tools.ts";
import { leaveOutBadScenes } from "../pipeline/raster/scene-errors.ts";
import type { RunPlan } from "../pipeline/mission/run-plan.ts";
import type { Spacecraft } from "../pipeline/mission/spacecraft.ts";
import { noisyChannel } from "../pipeline/link/frames/channel.ts";
import { openFrameGuard, type LinkSecurity } from "../pipeline/link/security/link-security.ts";
import type { LinkSegment, TurnReport } from "../pipeline/link/frames/segment.ts";
import type { SatelliteLedger } from "../pipeline/mission/ledger.ts";
import type { Contact } from "../pipeline/orbit/contact.ts";
import { detectsOnBoard } from "../pipeline/mission/policy.ts";
import { inlineTileCodec } from "../pipeline/product/tile-codec.ts";
import { openSpool } from "../pipeline/spool.ts";
import { bitsPerSecond, degrees, instant, metres, seconds } from "../pipeline/units.ts";
import type { Backhaul } from "../stations/receive/ground-message.ts";
import { OrderDesk } from "../stations/centre/order-desk.ts";
import { decodeTold, encodeTold } from "../pipeline/orders/order-answers-wire.ts";
import { orderData, readOrderData } from "../pipeline/orders/order-wire.ts";
import type { Order } from "../pipeline/orders/order.ts";
import { MissionCentre, type CentrePorts } from "../stations/centre/mission-centre.ts";
import { Receiver } from "../stations/receive/receiver.ts";
import { pixelDetector, sceneOf, sourceOf, type FakeScene } from "./fake-scene.ts";
import type { SatelliteEvent } from "../pipeline/mission/satellite-event.ts";
import type { LandedAcquisition } from "../pipeline/mission/landing.ts";

/** The preset `cubesat-6u` with power and temperature taken for granted: it never waits. */
export const defaultSpacecraft: Spacecraft = {
  ...spacecraftOf(findSpacecraftPreset("cubesat-6u") as SpacecraftPreset),
  power: null,
  heat: null,
};

export const contactOf = (n: number, aos: number, length: number, station = "gs"): Contact => ({
  id: `sat.${station}.${n}`,
  satellite: "sat",
  station,
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

export const planOf = (fakes: readonly FakeScene[], more: Partial<RunPlan> = {}): RunPlan => ({
  schema: "swath-plan/3",
  runId: "run",
  seed: 1,
  policy: parsePolicy("raw"),
  dataset: "fake",
  model: "bright",
  modelSha256: "",
  tile: { sizePx: 32, overlapPx: 8 },
  scoreThreshold: 0.3,
  bands: Object.fromEntries(fakes.map(({ id }) => [id, ["B02", "B03"]])),
  screening: null,
  satellites: ["sat"],
  orbits: [],
  stations: ["gs", "other"].map((id) => ({
    id,
    name: id,
    longitude: degrees(0),
    latitude: degrees(0),
    altitude: metres(0),
    minElevation: degrees(5),
    antennas: 1,
  })),
  acquisitions: fakes.map(({ id: scene }, index) => ({
    index,
    satellite: "sat",
    scene,
    at: instant(100 + 30 * index),
  })),
  contacts: {
    from: instant(0),
    to: instant(20_000),
    contacts: [contactOf(0, 1000, 300), contactOf(1, 9000, 300, "other")],
  },
  mesh: null,
  spacecraft: defaultSpacecraft,
  groundOpsPerSecond: 1e12,
  rate: { kind: "fixed", rate: bitsPerSecond(2e6) },
  protection: "none",
  errors: { bitErrorRate: 0, segmentLossRate: 0, outages: [] },
  ask: null,
  upsets: null,
  reading: {},
  device: "cpu",
  measureLossless: false,
  speed: null,
  ...more,
});

/** Orders as the mission centre of the plan sends them up; `onHeard` is told of what goes up. */
export const centreOrders = (
  plan: RunPlan,
  onSent: (contact: Contact, orders: readonly Order[]) => void = () => undefined,
): MissionPorts["orders"] => {
  const desk = new OrderDesk(plan);
  return {
    hear: async (contact, told) => {
      if (told !== null) desk.answered(decodeTold(encodeTold(told)));
      const { orders, acquisitions } = desk.ordersAt(contact.id);
      onSent(contact, orders);
      return readOrderData(orderData(orders, acquisitions));
    },
    verify: () => null,
  };
};

export interface Flight {
  readonly ledger: SatelliteLedger;
  readonly segments: readonly LinkSegment[];
  readonly backhaul: readonly Backhaul[];
  readonly events: readonly SatelliteEvent[];
  readonly stations: readonly Receiver[];
}

/** Flies the plan's one satellite against its real stations. */
export const fly = async (
  plan: RunPlan,
  fakes: readonly FakeScene[],
  more: Partial<MissionPorts & PixelTools> = {},
  onBackhaul: (heard: Backhaul) => Promise<void> = async () => undefined,
  security: LinkSecurity | null = null,
): Promise<Flight> => {
  const stations = new Map(plan.stations.map(({ id }) => [id, new Receiver(plan, id, security)]));
  const channel = noisyChannel({ ...plan.errors, seed: plan.seed });
  const segments: LinkSegment[] = [];
  const backhaul: Backhaul[] = [];
  const events: SatelliteEvent[] = [];
  const reports = new Map<string, TurnReport>();
  const ledger = await flyMission(plan, "sat", plan.acquisitions, {
    cues: null,
    through: async () => undefined,
    tools: {
      source: sourceOf(fakes),
      detector: detectsOnBoard(plan.policy) ? pixelDetector() : null,
      judge: null,
      codec: inlineTileCodec,
      inFlight: 3,
      sceneErrors: leaveOutBadScenes,
      ...more,
    },
    body: null,
    guard: security === null ? null : openFrameGuard(security, "sat"),
    exchange: alone,
    notify: (event) => events.push(event),
    pace: async () => undefined,
    scratchFolder: tmpdir(),
    signal: new AbortController().signal,
    send: async (segment) => {
      segments.push(segment);
      for (const heard of stations.get(segment.station)?.accept(channel(segment).segment) ?? []) {
        if (heard.backhaul !== null) {
          backhaul.push(heard.backhaul);
          await onBackhaul(heard.backhaul);
        }
        if (heard.report !== null) reports.set(`${heard.report.contact}/${heard.report.turn}`, heard.report);
      }
    },
    ask: async () => [],
    orders: centreOrders(plan),
    report: async (contact, turn) => reports.get(`${contact}/${turn}`) as TurnReport,
    ...more,
  });
  return { ledger, segments, backhaul, events, stations: [...stations.values()] };
};

/** A mission centre for the plan, to be fed by hand. */
export const centreOf = (
  plan: RunPlan,
  fakes: readonly FakeScene[],
  more: Pick<CentrePorts, "spool"> & Partial<CentrePorts>,
): MissionCentre => {
  const { mergeIou, opsPerPixel } = pixelDetector().info;
  return new MissionCentre(plan, {
    scenes: new Map(fakes.map((fake) => [fake.id, sceneOf(fake)])),
    detector: detectsOnBoard(plan.policy) ? null : pixelDetector(),
    codec: inlineTileCodec,
    mergeIou,
    opsPerPixel,
    publish: async () => undefined,
    onRefused: (what, reason) => {
      throw new Error(`refused: ${what}, ${reason}`);
    },
    keepChips: () => undefined,
    keepTile: async () => undefined,
    ...more,
  });
};

/** What the mission centre makes of what the stations handed over. */
export const land = async (
  plan: RunPlan,
  fakes: readonly FakeScene[],
  backhaul: readonly Backhaul[],
  more: Partial<CentrePorts> = {},
): Promise<readonly LandedAcquisition[]> => {
  await using spool = await openSpool(tmpdir());
  const centre = centreOf(plan, fakes, { spool, ...more });
  for (const message of backhaul) await centre.accept(message);
  return await centre.finish();
};
