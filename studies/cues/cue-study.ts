import { agilityOf } from "../../operators/presets/agility.ts";
import { workingPower } from "../../pipeline/mission/working-power.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import { ephemerisOf } from "../../pipeline/orbit/ephemeris.ts";
import { subPoint } from "../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import type { ContactPlan } from "../../pipeline/orbit/contact.ts";
import type { CrosslinkPlan } from "../../pipeline/orbit/crosslink.ts";
import { framedSize } from "../../pipeline/link/frames/framed-size.ts";
import { bitsAvailable, rateAtStations, type LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import { telecommandBytes } from "../../pipeline/link/transfer/turn-report.ts";
import { encodeOrder } from "../../pipeline/orders/order-wire.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { seeded } from "../../pipeline/seeded.ts";
import {
  bytes,
  joules,
  later,
  seconds,
  watts,
  type Bytes,
  type Instant,
  type Seconds,
} from "../../pipeline/units.ts";
import { planContacts } from "../../planning/contacts/contact-plan.ts";
import { resolveStations } from "../../planning/contacts/station-list.ts";
import { planMesh } from "../../planning/crosslinks/mesh-plan.ts";
import { followTips, type CueOutcome, type Tip } from "../../planning/cues/cue-plan.ts";
import { indexLinks } from "../../planning/cues/knowledge.ts";
import { boxArea, type LookArea } from "../../planning/looks/look-area.ts";
import type { LookSatellite } from "../../planning/looks/look-choice.ts";
import { planImaging } from "../../planning/imaging-plan.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { walkerEpoch } from "../../planning/orbits/walker.ts";
import { cameraReach } from "../engine/camera-reach.ts";
import { readText } from "../inputs/text-file.ts";
import { spacecraftFor } from "../inputs/spacecraft-file.ts";
import { costOf, figuresOf, type CueFigures, type CueCost } from "./cue-figures.ts";

/** What is asked of tip and cue. */
export interface CueRequest {
  readonly constellation: string;
  /** Whose cameras follow, besides the constellation's own; `null`: its own alone. */
  readonly followers: string | null;
  readonly stations: string;
  readonly spacecraft: string | null;
  readonly from: Instant | null;
  readonly horizon: Seconds;
  readonly by: "any" | "other";
  readonly within: Seconds;
  /** Acquisitions that are drawn, and the share of them that hold something to follow. */
  readonly acquisitions: number;
  readonly share: number;
  readonly seed: number;
  /** Detections of a run in place of drawn ones; `null`: none. */
  readonly seen: readonly SeenThing[] | null;
}

/** A detection of a run that is to be followed. */
export interface SeenThing {
  readonly id: string;
  readonly satellite: string;
  readonly takenAt: Instant;
  readonly longitude: number;
  readonly latitude: number;
}

/** The same tips over one set of links. */
export interface CueFlight {
  readonly route: "ground" | "crosslinks";
  readonly outcomes: readonly CueOutcome[];
  readonly figures: CueFigures;
  readonly cost: CueCost;
}

/** What came of it. */
export interface CueStudy {
  readonly from: Instant;
  readonly to: Instant;
  readonly satellites: number;
  readonly stations: number;
  readonly tips: readonly Tip[];
  /** Acquisitions that were taken to find them: what following everything would follow. */
  readonly acquisitions: number;
  readonly flights: readonly CueFlight[];
  readonly assumed: readonly string[];
}

/** Around a tip, degrees: some five kilometres to a side. */
const areaSize = 0.05;
/** A moment of the camera, of which there are this many samples: a frame of 4,096 × 4,096 pixels of four bands. */
const samplesOfALook = 4096 * 4096 * 4;
/** A batch of one image's detections, and a look's chips: what confirms a tip. */
const confirmation = bytes(20_000);
/** The product that brings the tip itself down. */
const tipProduct = bytes(2000);
/** A detection that is told from satellite to satellite, as an order for a look has it. */
const orderText = 24;

const areaAt = (longitude: number, latitude: number): LookArea | null => {
  const half = areaSize / 2;
  const wrap = (x: number): number => (x > 180 ? x - 360 : x < -180 ? x + 360 : x);
  const [south, north] = [Math.max(-90, latitude - half), Math.min(90, latitude + half)];
  const read = boxArea([wrap(longitude - half), south, wrap(longitude + half), north]);
  return "area" in read ? read.area : null;
};

/** The uplink's bytes of a look at such an area. */
const cueBytes = (): Bytes => {
  const order = {
    id: "x".repeat(orderText),
    tenant: "mission",
    to: null,
    issuedAt: walkerEpoch,
    deadline: later(walkerEpoch, seconds(5400)),
    priority: 1,
    signature: null,
    kind: "look",
    body: { bbox: [5.2, 43.2, 5.25, 43.25], maxOffNadir: null },
  } as const;
  return telecommandBytes(encodeOrder(order).length + 1);
};

interface Group {
  readonly satellites: readonly Satellite[];
  readonly craft: Spacecraft;
}

const groupsOf = async (
  { constellation, followers, spacecraft }: CueRequest,
  from: Instant,
): Promise<readonly Group[]> => {
  const group = async (name: string, craft: string | null): Promise<Group> => ({
    satellites: await resolveConstellation(name, readText, { epoch: from }),
    craft: spacecraftFor(craft, name),
  });
  const own = await group(constellation, spacecraft);
  if (followers === null) return [own];
  const others = await group(followers, null);
  const ids = new Set(own.satellites.map(({ id }) => id));
  const twice = others.satellites.find(({ id }) => ids.has(id));
  if (twice !== undefined)
    throw new SwathError("config", {
      what: "--followers",
      wanted: `satellites that are not in ${constellation}`,
      got: `${twice.id} in both`,
    });
  return [own, others];
};

/** From the end of a look until the model has been through it: two seconds of work, on the computer that the spacecraft has. */
const processing = seconds(2);

const lookSatellites = (
  groups: readonly Group[],
  from: Instant,
  to: Instant,
): { readonly satellites: readonly LookSatellite[]; readonly assumed: readonly string[] } => {
  const assumed = new Set<string>();
  const satellites = groups.flatMap(({ satellites: own, craft }) => {
    const camera = cameraReach(craft.camera);
    const turn = agilityOf(craft);
    for (const one of [...camera.assumed, ...(turn.assumed === null ? [] : [turn.assumed])]) assumed.add(one);
    return own.map((satellite): LookSatellite => ({
      satellite: satellite.id,
      ephemeris: ephemerisOf(satellite, from, to),
      camera: camera.reach,
      agility: turn.agility,
      duty: { seconds: seconds(Infinity), period: seconds(5700) },
      store: { capacity: bytes(Infinity), level: bytes(0) },
      drains: [],
      taken: [],
    }));
  });
  return { satellites, assumed: [...assumed] };
};

/** Acquisitions of the constellation by day, evenly drawn, of which a share holds something. */
const drawnTips = (
  request: CueRequest,
  { satellites, craft }: Group,
  from: Instant,
  until: Instant,
): readonly Tip[] => {
  const { reach } = cameraReach(craft.camera);
  const slots = planImaging(satellites, from, until, {
    every: seconds(60),
    sunAbove: reach.sunAbove,
    seed: request.seed,
  });
  const orbitOf = new Map(satellites.map((satellite) => [satellite.id, satellite]));
  const random = seeded(request.seed, "cue-tips");
  const wanted = Math.round(request.acquisitions * request.share);
  const chosen = new Set<number>();
  while (chosen.size < Math.min(wanted, slots.length)) chosen.add(random.integer(slots.length));
  return [...chosen]
    .toSorted((a, b) => a - b)
    .flatMap((n): readonly Tip[] => {
      const slot = slots[n];
      const orbit = slot === undefined ? undefined : orbitOf.get(slot.satellite);
      if (slot === undefined || orbit === undefined) return [];
      const { longitude, latitude } = subPoint(orbit, slot.at);
      const area = areaAt(longitude, latitude);
      return area === null
        ? []
        : [
            {
              id: `tip-${n}`,
              satellite: slot.satellite,
              takenAt: slot.at,
              readyAt: later(slot.at, processing),
              area,
            },
          ];
    });
};

const seenTips = (seen: readonly SeenThing[], ids: ReadonlySet<string>): readonly Tip[] =>
  seen.map(({ id, satellite, takenAt, longitude, latitude }) => {
    if (!ids.has(satellite))
      throw new SwathError("config", {
        what: `detection ${id}`,
        wanted: "a satellite of --constellation, which is that of the run",
        got: satellite,
      });
    const area = areaAt(longitude, latitude);
    if (area === null)
      throw new SwathError("config", {
        what: `detection ${id}`,
        wanted: "a place",
        got: `${longitude}, ${latitude}`,
      });
    return { id, satellite, takenAt, readyAt: later(takenAt, processing), area };
  });

/** Bits a second that contacts carry in the mean, from lock to loss. */
const meanRate = ({ contacts }: ContactPlan, rate: LinkRate): number => {
  const [bits, time] = contacts.reduce(
    ([sum, length], contact) => [
      sum + bitsAvailable(contact, rate, contact.lockedAt, contact.los),
      length + Math.max(0, contact.los - contact.lockedAt),
    ],
    [0, 0] as [number, number],
  );
  return time === 0 ? Infinity : bits / time;
};

/** Links among the constellation's own satellites; `null` without terminals. */
const meshOf = (
  { satellites, craft }: Group,
  seed: number,
  from: Instant,
  to: Instant,
): CrosslinkPlan | null => {
  const epoch = seconds(60);
  const mesh = planMesh({ topology: "all", terminals: craft.crosslink, seed, epoch, satellites, from, to });
  return mesh?.crosslinks ?? null;
};

/**
 * Tip and cue over a constellation: what one satellite sees becomes a look of the next that flies over, by way of the mission centre, and over
 * crosslinks where the spacecraft has terminals. Contacts, links between satellites, cameras and slews are planned as a run plans them; the follower's look
 * takes its place in its timeline, the rest of the mission's traffic is left out. Throws `SwathError` for what cannot be read or placed.
 */
export const studyCues = async (request: CueRequest): Promise<CueStudy> => {
  const firstSeen = request.seen?.reduce((least, { takenAt }) => Math.min(least, takenAt), Infinity);
  const from =
    request.from ??
    ((firstSeen === undefined || firstSeen === Infinity ? walkerEpoch : firstSeen) as Instant);
  const until = later(from, request.horizon);
  // Tips at the end have their time as those before.
  const to = later(until, seconds(request.within + 6 * 3600));
  const groups = await groupsOf(request, from);
  const own = groups[0] as Group;
  const all = groups.flatMap(({ satellites }) => satellites);
  const stations = await resolveStations(request.stations, readText);
  const contacts = planContacts({ satellites: all, stations, radio: own.craft.radio, from, to });
  const { satellites, assumed } = lookSatellites(groups, from, to);
  const ids = new Set(own.satellites.map(({ id }) => id));
  const tips = request.seen === null ? drawnTips(request, own, from, until) : seenTips(request.seen, ids);
  const acquisitions = request.seen === null ? request.acquisitions : tips.length;
  const mesh = meshOf(own, request.seed, from, to);
  const rate = rateAtStations(own.craft.radio.rate, stations);
  const cue = cueBytes();
  const result = framedSize(confirmation, 1);
  const mission = {
    by: request.by,
    within: request.within,
    satellites,
    cue: { down: framedSize(tipProduct, 1), up: cue, across: cue },
    result: { down: result, up: cue, across: confirmation },
    processing,
    bytes: confirmation,
  };
  const { crosslink, radio, camera, computer } = own.craft;
  const flights = [null, ...(mesh === null ? [] : [mesh])].map((plan): CueFlight => {
    const crosslinks = plan === null || crosslink === null ? null : { plan, rate: crosslink.rate };
    const outcomes = followTips(tips, { ...mission, links: indexLinks({ contacts, rate, crosslinks }) });
    const cost = costOf(outcomes, {
      cue,
      result,
      lookEnergy: joules(
        (camera.energyPerMegasample * samplesOfALook) / 1e6 + workingPower(computer) * processing,
      ),
      slewPower: satellites[0]?.agility.power ?? watts(0),
      sendEnergy: joules((radio.power * 8 * result) / meanRate(contacts, rate)),
      acquisitions,
    });
    return {
      route: plan === null ? "ground" : "crosslinks",
      outcomes,
      figures: figuresOf(tips, outcomes),
      cost,
    };
  });
  return {
    from,
    to: until,
    satellites: all.length,
    stations: stations.length,
    tips,
    acquisitions,
    flights,
    assumed,
  };
};
