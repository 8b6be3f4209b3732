import { judge } from "../../measure/quality/matching.ts";
import type {
  PictureBox,
  ReportInput,
  ReportScene,
  ScenePicture,
} from "../../measure/report/run/report-input.ts";
import { busiestWindow, renderPicture } from "../../measure/report/drawing/picture.ts";
import { namedDetections } from "../../measure/run/policy-figures.ts";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import { trainingOfScenes } from "../../measure/summary/provenance-summary.ts";
import { leadingPolicy } from "../../measure/summary/leading-policy.ts";
import { groundDistance } from "../../planning/overflight.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import type { NamedDetection } from "../../pipeline/detection/named-detection.ts";
import type { LandedAcquisition, ProductArrival } from "../../pipeline/mission/landing.ts";
import { subPoint } from "../../pipeline/orbit/propagator.ts";
import { sunElevation } from "../../pipeline/orbit/sun.ts";
import { pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import { pixelSize } from "../../pipeline/raster/pixel-size.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { degrees, seconds } from "../../pipeline/units.ts";
import { groundTrack } from "../engine/ground-track.ts";
import type { FinishedRun } from "./finished-run.ts";

/** Pictures in a report: enough to judge by, few enough to send the file around. The first is large. */
const [picturesShown, largePx, smallPx] = [12, 1400, 480] as const;

/** A scene of more pixels than this is shown where it has most to show. */
const wholePixels = 8e6;

/** Side of such a part, pixels. */
const cropPx = 1600;

/** Passes that still make a map; each is drawn so long before and after the picture, s. */
const [mostTracks, trackTime] = [60, 360] as const;

const placeOf = ({ georeference, width, height }: Scene): ReportScene["place"] => {
  if (georeference === null) return null;
  const [longitude, latitude] = pixelToLonLat(georeference, width / 2, height / 2);
  return { longitude: degrees(longitude), latitude: degrees(latitude) };
};

/** Acquisitions of which something that the policy sends unasked is not down. */
const incompleteOf = ({ satellites }: PolicyRun): ReadonlySet<number> =>
  new Set(
    satellites.flatMap(({ products }) =>
      products
        .filter(
          ({ fate, askedAt }) => fate !== "delivered" && fate !== "handed-over" && askedAt === undefined,
        )
        .map(({ acquisition }) => acquisition),
    ),
  );

const arrivalsOf = (landed: LandedAcquisition): readonly ProductArrival[] => [
  ...(landed.batchArrival === null ? [] : [landed.batchArrival]),
  ...(landed.chipsArrival === null ? [] : [landed.chipsArrival]),
  ...[...landed.tileArrivals].flatMap(([tile, arrival]) => (landed.requestedAt.has(tile) ? [] : [arrival])),
];

/** When all that the policy sends of an acquisition could be had, and where the last of it came down; `null`: it could not. */
const landingOf = (landed: LandedAcquisition, incomplete: ReadonlySet<number>) => {
  const arrivals = arrivalsOf(landed);
  const [last] = arrivals.toSorted((a, b) => b.completedAt - a.completedAt);
  const published = landed.detections.map(({ publishedAt }) => publishedAt);
  const at = Math.max(...arrivals.map(({ completedAt }) => completedAt), ...published);
  const whole = last !== undefined && !incomplete.has(landed.acquisition.index);
  return { delay: whole ? seconds(at - landed.acquisition.at) : null, station: last?.station ?? null };
};

/** Which picture it is, under whatever policy: looks have other places in the plans of other policies. */
const takenOf = ({ acquisition: { satellite, at, scene } }: LandedAcquisition): string =>
  [satellite, at, scene].join(" ");

const boxesOf = (
  found: readonly NamedDetection[],
  labels: readonly Label[] | null,
): readonly PictureBox[] => {
  const box = (
    kind: PictureBox["kind"],
    { className, score, boxPx, outlinePx }: NamedDetection,
  ): PictureBox => ({
    kind,
    className,
    score,
    boxPx,
    ...(outlinePx === undefined ? {} : { outlinePx }),
  });
  if (labels === null) return found.map((one) => box("plain", one));
  const verdicts = judge({ detections: found, labels });
  const hit = new Set(verdicts.flatMap((verdict) => (verdict.kind === "hit" ? [verdict.label] : [])));
  return [
    ...labels.flatMap(({ className, boxPx, ignore }, i): readonly PictureBox[] =>
      ignore || hit.has(i) ? [] : [{ kind: "missed", className, score: null, boxPx }],
    ),
    ...verdicts.map(({ kind, detection }) =>
      box(kind === "hit" ? "found" : kind === "miss" ? "alarm" : "plain", detection),
    ),
  ];
};

interface Seen {
  readonly landed: LandedAcquisition;
  readonly found: readonly NamedDetection[];
  readonly labels: readonly Label[] | null;
  readonly boxes: readonly PictureBox[];
  readonly trainedOn: boolean | null;
}

const errorsOf = ({ boxes }: Seen): number =>
  boxes.filter(({ kind }) => kind === "missed" || kind === "alarm").length;

/** Which scenes are drawn, the first of them large: kept apart before all, then those with most errors, then with most to show. */
const chosenOf = (seen: readonly Seen[]): readonly Seen[] => {
  const once = seen.filter(
    ({ landed }, at) => seen.findIndex((one) => one.landed.scene.id === landed.scene.id) === at,
  );
  return once
    .toSorted(
      (a, b) =>
        Number(b.trainedOn === false) - Number(a.trainedOn === false) ||
        errorsOf(b) - errorsOf(a) ||
        b.boxes.length - a.boxes.length,
    )
    .slice(0, picturesShown);
};

const pictureOf = async (
  { stage }: FinishedRun,
  { landed, boxes }: Seen,
  isLarge: boolean,
): Promise<ScenePicture> => {
  const { scene } = landed;
  const window =
    scene.width * scene.height <= wholePixels
      ? { x: 0, y: 0, width: scene.width, height: scene.height }
      : busiestWindow(
          scene.width,
          scene.height,
          boxes.map(({ boxPx }) => boxPx),
          cropPx,
        );
  await using reader = await stage.dataset.open(scene.id);
  const { imageDataUri } = await renderPicture(reader, window, isLarge ? largePx : smallPx);
  return { imageDataUri, window, pixelSize: pixelSize(scene), boxes };
};

/** What the report of a run says of its scenes: who saw them when, what came down of them, how right it was, and pictures. */
export const reportScenes = async (
  finished: FinishedRun,
): Promise<Pick<ReportInput, "scenes" | "tracks">> => {
  const { stage, runs, summary, yardstick } = finished;
  const lead = runs.find(({ plan }) => plan.policy.label === leadingPolicy(summary).policy) ?? runs[0];
  if (lead === undefined) return { scenes: [], tracks: [] };
  const training = trainingOfScenes(
    stage.dataset.scenes.map(({ id }) => id),
    stage.training,
  );
  const named = namedDetections(lead, yardstick.classes);
  const seen = lead.landed.map((landed, index): Seen => {
    const labels = yardstick.labels.get(landed.scene.id) ?? null;
    const all = named[index] ?? [];
    const found = labels === null ? all : all.filter(({ className }) => yardstick.judged.has(className));
    return {
      landed,
      found,
      labels,
      boxes: boxesOf(found, labels),
      trainedOn: training.has(landed.scene.id) ? training.get(landed.scene.id) === "trainedOn" : null,
    };
  });
  const pictures = new Map<Seen, ScenePicture>();
  for (const [i, one] of chosenOf(seen).entries()) pictures.set(one, await pictureOf(finished, one, i === 0));
  const landings = runs.map((run) => {
    const incomplete = incompleteOf(run);
    const of = new Map(run.landed.map((landed) => [takenOf(landed), landingOf(landed, incomplete)]));
    return { policy: run.plan.policy.label, of };
  });
  const byId = new Map(stage.satellites.map((satellite) => [satellite.id, satellite]));
  const rows = seen.map((one, index): ReportScene => {
    const { scene, acquisition } = one.landed;
    const taken = takenOf(one.landed);
    const place = placeOf(scene);
    const satellite = byId.get(acquisition.satellite);
    const kinds = (kind: PictureBox["kind"]): number => one.boxes.filter((box) => box.kind === kind).length;
    return {
      scene: scene.id,
      width: scene.width,
      height: scene.height,
      place,
      takenAt: acquisition.at,
      satellite: acquisition.satellite,
      sun: place && sunElevation(place.longitude, place.latitude, acquisition.at),
      offTrack: place && satellite ? groundDistance(subPoint(satellite, acquisition.at), place) : null,
      recordedAt: scene.acquiredAt,
      platform: scene.platform,
      trainedOn: one.trainedOn,
      delays: Object.fromEntries(landings.map(({ policy, of }) => [policy, of.get(taken)?.delay ?? null])),
      station:
        landings.find(({ policy }) => policy === lead.plan.policy.label)?.of.get(taken)?.station ?? null,
      detections: named[index]?.length ?? 0,
      marks:
        one.labels === null
          ? null
          : { found: kinds("found"), missed: kinds("missed"), falseAlarms: kinds("alarm") },
      picture: pictures.get(one) ?? null,
    };
  });
  const tracks =
    summary.schedule.flownOver && rows.length <= mostTracks
      ? seen.flatMap(({ landed: { acquisition } }) => {
          const satellite = byId.get(acquisition.satellite);
          return satellite === undefined
            ? []
            : [groundTrack(satellite, acquisition.at - trackTime, acquisition.at + trackTime)];
        })
      : [];
  return { scenes: rows, tracks };
};
