import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import { dayPolicy } from "../../measure/fleet/day-policy.ts";
import { workloadOf } from "../../measure/run/measured-workload.ts";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import { interpolatedQuantile } from "../../measure/statistics.ts";
import type { DaySummary } from "../../measure/summary/day-summary.ts";
import type { Verdicts } from "../../measure/summary/verdict-summary.ts";
import {
  formatCount,
  formatCountOf,
  formatDuration,
  formatNumber,
  formatPercent,
} from "../../pipeline/format.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { WorkloadEntry } from "../../pipeline/mission/workload.ts";
import { pixelSize } from "../../pipeline/raster/pixel-size.ts";
import { formatInstant, later, seconds, toRadians } from "../../pipeline/units.ts";
import { planContacts, requireContacts } from "../../planning/contacts/contact-plan.ts";
import { planMesh } from "../../planning/crosslinks/mesh-plan.ts";
import type { StudyPorts } from "../progress.ts";
import { computerBoundOf } from "./computer-bound.ts";
import { imagersOf } from "./imagers.ts";
import { dayCamera, type DayCamera, type DayImaging, planDayImaging } from "./day-imaging.ts";
import { flightVerdicts, flyRecords } from "./flight-verdicts.ts";
import type { Stage } from "./prepared-run.ts";
import { mergedEntry, scaledEntry } from "./scaled-work.ts";

const dayLength = seconds(86_400);

/** A day that was flown under every policy, or why it was not. */
export type FullDay =
  | { readonly day: DaySummary; readonly verdicts: ReadonlyMap<string, Verdicts> }
  | { readonly noDay: string };

/** A day begins as a steady state has it at best: what the verdicts say does not rest on how it begins. */
const charged = (spacecraft: Spacecraft): Spacecraft =>
  spacecraft.power === null
    ? spacecraft
    : { ...spacecraft, power: { ...spacecraft.power, battery: { ...spacecraft.power.battery, initial: 1 } } };

/** Metres a pixel on the ground, the median of the scenes that have a place; `null` where none has. */
const groundPixel = ({ dataset, base }: Stage): number | null => {
  const used = new Set(base.acquisitions.map(({ scene }) => scene));
  const sizes = dataset.scenes.filter(({ id }) => used.has(id)).flatMap((scene) => pixelSize(scene) ?? []);
  return sizes.length === 0
    ? null
    : interpolatedQuantile(
        sizes.toSorted((a, b) => a - b),
        0.5,
      );
};

interface Picture {
  readonly megapixels: number;
  readonly metresPerPixel: number;
}

/** The scenes as measured, each grown or shrunk to a picture of the day. */
const picturesOf = (
  { dataset }: Stage,
  measured: readonly WorkloadEntry[],
  { megapixels }: Picture,
): readonly WorkloadEntry[] => {
  const sizes = new Map(dataset.scenes.map(({ id, width, height }) => [id, (width * height) / 1e6]));
  return measured
    .filter(({ failure, ordered }) => failure === null && ordered === undefined)
    .map((entry) => {
      const own = sizes.get(entry.scene) ?? megapixels;
      return scaledEntry(mergedEntry(entry), megapixels / own);
    });
};

const builtText = (
  camera: DayCamera,
  { pictureSeconds }: DayImaging,
  { megapixels, metresPerPixel }: Picture,
  scenes: number,
): readonly string[] => {
  const { swath, groundSpeed, duty, sunAbove } = camera;
  const across = formatCount(Math.round(swath / metresPerPixel));
  const along = formatCount(Math.round((groundSpeed * pictureSeconds) / metresPerPixel));
  const light = sunAbove === null ? "day and night" : `with the Sun ${sunAbove}° high or more`;
  return [
    `Each camera images ${formatPercent(duty)} of its orbits, spread evenly over the time ${light}.`,
    `A picture covers ${formatDuration(pictureSeconds)} of flight: ${across} × ${along} pixels of ${formatNumber(metresPerPixel)} m, ${formatNumber(megapixels)} megapixels.`,
    `Its work and its bytes are those of ${scenes === 1 ? "the scene" : `one of the ${formatCount(scenes)} scenes, drawn at random`}, times its megapixels over those of the scene; it sends one product of each kind.`,
    "Batteries begin full. Detections are not counted: the scenes stand for the work of a picture, not for what the world holds.",
  ];
};

/**
 * Flies one day at the camera's duty with the work that the runs measured, under each of their policies, and judges each from a steady
 * state. Requested tiles and upsets are left out of it.
 */
export const flyFullDay = async (
  stage: Stage,
  runs: readonly PolicyRun[],
  { progress, signal }: StudyPorts,
): Promise<FullDay> => {
  const { base, satellites, scenario } = stage;
  const metresPerPixel = groundPixel(stage);
  if (metresPerPixel === null)
    return { noDay: "no scene has a place: nothing says how large a pixel is on the ground" };
  const { from } = base.contacts;
  const to = later(from, dayLength);
  const spacecraft = charged(base.spacecraft);
  const camera = dayCamera(spacecraft.camera, satellites);
  const imagers = imagersOf(satellites, scenario.imagers);
  const imaging = planDayImaging(imagers, from, to, camera, base.seed);
  if (imaging.acquisitions.length === 0) return { noDay: "no camera has light on this day" };
  const { pictureSeconds, acquisitions, mostImaging } = imaging;
  const area = camera.swath * camera.groundSpeed * pictureSeconds;
  const picture: Picture = { megapixels: area / metresPerPixel ** 2 / 1e6, metresPerPixel };
  const { model } = stage;
  const workload = workloadOf("day", { model: model.info.name, precision: model.info.precision }, runs);
  const common: Omit<SimulationPlan, "entries"> = {
    seed: base.seed,
    spacecraft,
    satellites,
    stations: base.stations,
    acquisitions,
    contacts:
      base.contacts.to === to
        ? base.contacts
        : requireContacts(
            planContacts({
              satellites,
              stations: base.stations,
              radio: spacecraft.radio,
              from,
              to,
              signal,
            }),
          ),
    rate: base.rate,
    protection: base.protection,
    errors: base.errors,
    mesh: planMesh({
      topology: scenario.crosslinks,
      terminals: spacecraft.crosslink,
      seed: base.seed,
      epoch: scenario.epoch,
      offload: scenario.offload,
      satellites,
      from,
      to,
    }),
    workload: { computer: workload.computer, precision: workload.precision },
    inOrder: false,
  };
  const verdicts = new Map<string, Verdicts>();
  progress.note(
    `a full day: ${formatCountOf(satellites.length, "satellite")}, ${formatCountOf(acquisitions.length, "picture")}, under ${runs.length} ${runs.length === 1 ? "policy" : "policies"}`,
  );
  const policies: DaySummary["policies"][number][] = [];
  for (const { policy, acquisitions: measured } of workload.policies) {
    const entries = picturesOf(stage, measured, picture);
    if (entries.length === 0) return { noDay: `no scene could be read under ${policy}` };
    const plan: SimulationPlan = { ...common, entries };
    const records = await flyRecords(plan, signal);
    policies.push(dayPolicy(policy, records));
    verdicts.set(
      policy,
      await flightVerdicts(
        {
          plan,
          records,
          isShared: plan.mesh !== null,
          lowestSun: camera.sunAbove === null ? null : Math.sin(toRadians(camera.sunAbove)),
          duty: camera.duty,
          mostImaging,
          computerBound: computerBoundOf(entries, spacecraft.computer, workload.precision),
        },
        signal,
      ),
    );
  }
  const imaged = (acquisitions.length * pictureSeconds) / (dayLength * imagers.length);
  return {
    verdicts,
    day: {
      from: formatInstant(from),
      hours: dayLength / 3600,
      duty: camera.duty,
      imagedFraction: Math.min(1, imaged),
      camera: {
        swathMetres: camera.swath,
        groundSpeedMetresPerSecond: camera.groundSpeed,
        metresPerPixel,
      },
      pictures: {
        count: acquisitions.length,
        seconds: pictureSeconds,
        megapixels: picture.megapixels,
        everySeconds: acquisitions.length < 2 ? null : pictureSeconds * mostImaging,
      },
      built: [
        ...builtText(
          camera,
          imaging,
          picture,
          base.acquisitions.filter(({ order }) => order === undefined).length,
        ),
      ],
      assumed: [...camera.assumed],
      policies,
    },
  };
};
