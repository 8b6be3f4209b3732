import type { TipRoute } from "../../pipeline/mission/cue-planner.ts";
import { tipRoutes } from "../../pipeline/mission/cue-planner.ts";
import { placeOf, type CueTip } from "../../pipeline/mission/cue-tips.ts";
import type {
  AcquisitionRecord,
  FollowRecord,
  SatelliteLedger,
  TipRecord,
} from "../../pipeline/mission/ledger.ts";
import type { LandedAcquisition } from "../../pipeline/mission/landing.ts";
import { hasCues, type GroundCue } from "../../pipeline/mission/order-plan.ts";
import { workingPower } from "../../pipeline/mission/working-power.ts";
import { acquisitionAt, type Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { orderBytes } from "../../pipeline/orders/order-wire.ts";
import type { OrderNamed } from "../../pipeline/orders/order.ts";
import { isInBox } from "../../pipeline/raster/area-geometry.ts";
import { formatInstant, instant, type Instant } from "../../pipeline/units.ts";
import { interpolatedQuantile, sumOf } from "../statistics.ts";
import { cueFates, type CueRow, type CuesSummary } from "../summary/cue-summary.ts";
import type { PolicyRun } from "./policy-run.ts";

/** A tip with all that the books of space and ground say of it. */
interface Followed {
  readonly tip: CueTip;
  readonly raised: TipRecord | null;
  readonly ground: GroundCue | null;
  readonly board: FollowRecord | null;
}

/** The image that followed a tip, and what it came to. */
interface Answer {
  readonly route: TipRoute;
  readonly acquisition: Acquisition;
  readonly toldAt: Instant | null;
  /** `null`: it was not taken. */
  readonly record: AcquisitionRecord | null;
  /** When the centre had what it shows; `null`: never. */
  readonly landedAt: Instant | null;
  readonly isConfirmed: boolean;
}

const tipsOf = ({ satellites, cues = [] }: PolicyRun): readonly Followed[] => {
  const raised = new Map(satellites.flatMap((one) => (one.cues?.tips ?? []).map((tip) => [tip.id, tip])));
  const board = new Map(
    satellites.flatMap((one) => (one.cues?.followed ?? []).map((own) => [own.tip.id, own])),
  );
  const ground = new Map(cues.map((one) => [one.tip.id, one]));
  const tips = new Map<string, CueTip>([
    ...raised,
    ...cues.map(({ tip }): [string, CueTip] => [tip.id, tip]),
  ]);
  return [...tips.values()]
    .toSorted((a, b) => a.takenAt - b.takenAt || (a.id < b.id ? -1 : 1))
    .map((tip) => ({
      tip,
      raised: raised.get(tip.id) ?? null,
      ground: ground.get(tip.id) ?? null,
      board: board.get(tip.id) ?? null,
    }));
};

/** Whether an image shows what the tip says, in its area. */
const confirms = (
  { detections, scene }: LandedAcquisition,
  { className, bbox }: CueTip,
  minScore: number,
  classes: readonly string[],
): boolean =>
  detections.some(({ detection }) => {
    const place = placeOf(detection, scene);
    if (classes[detection.classId] !== className || detection.score < minScore) return false;
    return place !== null && isInBox(bbox, place);
  });

const medianOf = (values: readonly number[]): number | null =>
  values.length === 0
    ? null
    : interpolatedQuantile(
        values.toSorted((a, b) => a - b),
        0.5,
      );

const dated = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

/** What a run has to be looked up in. */
interface Books {
  readonly run: PolicyRun;
  readonly classes: readonly string[];
  readonly cues: ReadonlyMap<string, OrderNamed<"cue">>;
  readonly records: ReadonlyMap<number, AcquisitionRecord>;
  readonly landed: ReadonlyMap<number, LandedAcquisition>;
  readonly ledgers: ReadonlyMap<string, SatelliteLedger>;
}

const answerOf = ({ tip, ground, board }: Followed, books: Books): Answer | null => {
  const number = board?.acquisition ?? ground?.acquisition ?? null;
  if (number === null) return null;
  const acquisition = acquisitionAt(books.run.plan.acquisitions, number);
  if (acquisition === undefined) return null;
  const record = books.records.get(number);
  const landed = books.landed.get(number);
  const heard = books.ledgers.get(acquisition.satellite)?.orders?.orders.find(({ id }) => id === tip.id);
  const landedAt = landed?.batchArrival?.atCentre ?? null;
  const minScore = books.cues.get(tip.cue)?.body.minScore ?? 0;
  return {
    route: board?.acquisition === number ? board.route : "ground",
    acquisition,
    toldAt: board?.acquisition === number ? board.heardAt : (heard?.heardAt ?? null),
    record: record === undefined || record.failure !== null ? null : record,
    landedAt,
    isConfirmed: landed !== undefined && landedAt !== null && confirms(landed, tip, minScore, books.classes),
  };
};

/** Why nobody followed. */
const missOf = ({ raised, ground, board }: Followed): CueRow["fate"] => {
  if (board !== null) return "busy";
  const field = ground?.refusal?.field;
  if (field !== undefined) return field === "priority" ? "busy" : field === "bbox" ? "nobody" : "late";
  return raised?.route === null ? "nobody" : "late";
};

const fateOf = (followed: Followed, answer: Answer | null): CueRow["fate"] => {
  if (answer === null) return missOf(followed);
  if (answer.record === null) return "not-taken";
  if (answer.landedAt === null) return "not-landed";
  return answer.isConfirmed ? "confirmed" : "not-confirmed";
};

const rowOf = (followed: Followed, answer: Answer | null, { landed }: Books): CueRow => {
  const { tip, raised, ground } = followed;
  const [west, south, east, north] = tip.bbox;
  const middle = west <= east ? (west + east) / 2 : (((west + east + 360) / 2 + 540) % 360) - 180;
  const isTaken = answer !== null && answer.record !== null;
  return {
    id: tip.id,
    cue: tip.cue,
    className: tip.className,
    score: tip.score,
    longitude: middle,
    latitude: (south + north) / 2,
    satellite: tip.satellite,
    fate: fateOf(followed, answer),
    route: answer?.route ?? null,
    follower: answer?.acquisition.satellite ?? raised?.follower ?? null,
    sameScene: answer?.acquisition.scene === tip.scene,
    takenAt: dated(tip.takenAt),
    readyAt: dated(tip.readyAt),
    tipAtCentre: dated(ground?.atCentre ?? landed.get(tip.acquisition)?.batchArrival?.atCentre ?? null),
    toldAt: dated(answer?.toldAt ?? null),
    imageAt: dated(isTaken ? answer.acquisition.at : null),
    confirmedAt: dated(answer?.isConfirmed === true ? answer.landedAt : null),
  };
};

/** Bytes that products of an acquisition took down, and their energy, with all else that it took. */
const costOf = ({ acquisition, record }: Answer, { run, ledgers }: Books) => {
  const { camera, computer } = run.plan.spacecraft;
  let [down, joules] = [0, 0];
  for (const { products, contacts, energy } of ledgers.values()) {
    const own = products.filter((one) => one.acquisition === acquisition.index && one.fate === "delivered");
    const size = sumOf(own, (one) => one.size);
    const sent = sumOf(contacts, ({ total }) => total);
    down += size;
    if (size > 0 && sent > 0) joules += (energy.radio * size) / sent;
  }
  if (record !== null)
    joules +=
      (camera.energyPerMegasample * record.samples) / 1e6 +
      workingPower(computer) * record.computeSeconds +
      (acquisition.slew?.energy ?? 0);
  return { down, joules };
};

/** What followed from what satellites saw, from the books of space and ground; `null` in a mission without cues. `classes`: of the model. */
export const cuesOf = (run: PolicyRun, classes: readonly string[]): CuesSummary | null => {
  const { plan, satellites, landed } = run;
  if (!hasCues(plan)) return null;
  const orders = (plan.orders?.planned ?? []).flatMap(({ order }) => (order.kind === "cue" ? [order] : []));
  const books: Books = {
    run,
    classes,
    cues: new Map(orders.map((order) => [order.id, order])),
    records: new Map(satellites.flatMap(({ acquisitions }) => acquisitions.map((one) => [one.index, one]))),
    landed: new Map(landed.map((one) => [one.acquisition.index, one])),
    ledgers: new Map(satellites.map((one) => [one.satellite, one])),
  };
  const all = tipsOf(run).map((followed) => {
    const answer = answerOf(followed, books);
    return { answer, tip: followed.tip, row: rowOf(followed, answer, books) };
  });
  const taken = all.flatMap(({ answer, ...rest }) =>
    answer === null || answer.record === null ? [] : [{ answer, ...rest }],
  );
  const costs = taken.map(({ answer }) => costOf(answer, books));
  const [down, joules] = [sumOf(costs, (one) => one.down), sumOf(costs, (one) => one.joules)];
  const scheduled = plan.acquisitions.filter(
    ({ order, index }) => order === undefined && books.records.get(index)?.failure === null,
  );
  const each = taken.length === 0 ? 0 : scheduled.length / taken.length;
  const heardCues = satellites
    .flatMap((one) => one.orders?.orders ?? [])
    .flatMap(({ id }) => books.cues.get(id) ?? []);
  const delays = (route: TipRoute, end: (one: (typeof taken)[number]) => number | null): number | null =>
    medianOf(
      taken.flatMap((one) => {
        const at = one.answer.route === route ? end(one) : null;
        return at === null ? [] : [at - one.tip.takenAt];
      }),
    );
  return {
    tips: all.length,
    followed: taken.length,
    confirmed: taken.filter(({ answer }) => answer.isConfirmed).length,
    sameScene: taken.filter(({ row }) => row.sameScene).length,
    fates: Object.fromEntries(
      cueFates.map((fate) => [fate, all.filter(({ row }) => row.fate === fate).length]),
    ) as CuesSummary["fates"],
    secondsToCentre: medianOf(
      all.flatMap(({ tip, row: { tipAtCentre } }) =>
        tipAtCentre === null ? [] : [instant(Date.parse(tipAtCentre) / 1000) - tip.takenAt],
      ),
    ),
    routes: tipRoutes.flatMap((route) => {
      const own = taken.filter(({ answer }) => answer.route === route);
      if (own.length === 0) return [];
      return [
        {
          route,
          followed: own.length,
          confirmed: own.filter(({ answer }) => answer.isConfirmed).length,
          secondsToTold: delays(route, ({ answer }) => answer.toldAt),
          secondsToImage: delays(route, ({ answer }) => answer.acquisition.at),
          secondsToConfirmation: delays(route, ({ answer }) => (answer.isConfirmed ? answer.landedAt : null)),
        },
      ];
    }),
    cost: {
      uplinkBytes:
        sumOf(run.cues ?? [], ({ upBytes }) => upBytes) +
        sumOf(heardCues, (cue) => orderBytes([cue], plan.protection)),
      crosslinkBytes: sumOf(satellites, (one) => one.cues?.across.bytes ?? 0),
      downlinkBytes: down,
      energyJoules: joules,
    },
    everything: {
      images: scheduled.length,
      downlinkBytes: Math.round(down * each),
      energyJoules: joules * each,
    },
    cues: all.map(({ row }) => row),
  };
};
