import { isAbsolute, relative, resolve } from "node:path";
import { printable } from "../../datasets/files/location.ts";
import type { ReportScene } from "../../measure/report/run/report-input.ts";
import { archiveFiles } from "../../stations/archive/archive.ts";
import type { ArchivedScene } from "../../stations/archive/stac.ts";
import { encodeFleetParquet } from "./satellite-parquet.ts";
import { writeRunFolder, type RunFile } from "../../pipeline/atomic-folder.ts";
import { workloadOf } from "../../measure/run/measured-workload.ts";
import { namedDetections, type Yardstick } from "../../measure/run/policy-figures.ts";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import { busiestWindow, renderPicture } from "../../measure/report/drawing/picture.ts";
import type { PlatformTrace } from "../../measure/report/run/platform-chart.ts";
import { renderReport } from "../../measure/report/run-report.ts";
import { fleetRow } from "../../measure/fleet/fleet-row.ts";
import { stringifySummary, type RunSummary } from "../../measure/summary/run-summary.ts";
import { translateBox, type BoxPx } from "../../pipeline/detection/box.ts";
import { translateOutline } from "../../pipeline/detection/outline.ts";
import { pixelSize } from "../../pipeline/raster/pixel-size.ts";
import { footprint } from "../../pipeline/raster/georeference.ts";
import { detectsOnBoard } from "../../pipeline/mission/policy.ts";
import { policies } from "../../operators/policies/registry.ts";
import type { Stage } from "../engine/prepared-run.ts";
import type { NamedDetection } from "../../pipeline/detection/named-detection.ts";
import { version } from "../../pipeline/package.ts";
import { resultRecords } from "../../stations/archive/result-record.ts";
import type { RunCommand } from "../scenario.ts";

/** Pictures in a report: enough to judge by, few enough to send the file around. */
const picturesShown = 6;

const pictureSidePx = 640;

/** What the files of a run are written from. */
export interface FinishedRun {
  readonly stage: Stage;
  readonly runs: readonly PolicyRun[];
  readonly summary: RunSummary;
  readonly yardstick: Yardstick;
  readonly command: RunCommand;
  /** YAML. */
  readonly configuration: string;
}

const clip = (box: BoxPx, x: number, y: number): BoxPx => translateBox(box, -x, -y);

/** A detection in pixels of a picture whose upper left corner is (x, y) of the scene. */
const inPicture = (one: NamedDetection, x: number, y: number): NamedDetection => ({
  ...one,
  boxPx: clip(one.boxPx, x, y),
  ...(one.outlinePx === undefined ? {} : { outlinePx: translateOutline(one.outlinePx, -x, -y) }),
});

/** Pictures of the scenes with most to show, each where most of it is. */
const picturesOf = async ({ stage, runs, yardstick }: FinishedRun): Promise<readonly ReportScene[]> => {
  const [first] = runs;
  if (first === undefined) return [];
  const named = runs.map((run) => ({ run, found: namedDetections(run, yardstick.classes) }));
  const captured = first.landed.map(({ scene }) => scene);
  const interest = captured.map((scene, index) => {
    const labels = yardstick.labels.get(scene.id) ?? null;
    const found = named.flatMap((one) => one.found[index] ?? []);
    return { scene, index, labels, boxes: [...(labels ?? []), ...found].map(({ boxPx }) => boxPx) };
  });
  const once = interest.filter(({ scene }, at) => captured.indexOf(scene) === at);
  const chosen = once
    .toSorted((a, b) => b.boxes.length - a.boxes.length || a.index - b.index)
    .slice(0, picturesShown);
  const pictures: ReportScene[] = [];
  for (const { scene, index, labels, boxes } of chosen) {
    const window = busiestWindow(scene.width, scene.height, boxes, pictureSidePx);
    const { x, y, width, height } = window;
    const visible = ({ boxPx }: { readonly boxPx: BoxPx }): boolean =>
      boxPx.x1 > x && boxPx.y1 > y && boxPx.x0 < x + width && boxPx.y0 < y + height;
    await using reader = await stage.dataset.open(scene.id);
    const { imageDataUri } = await renderPicture(reader, window);
    pictures.push({
      title: scene.id,
      imageDataUri,
      width,
      height,
      metresPerPixel: pixelSize(scene),
      labels: labels && labels.filter(visible).map((label) => ({ ...label, boxPx: clip(label.boxPx, x, y) })),
      detections: named.map(({ run, found }) => ({
        policy: run.plan.policy.label,
        where: detectsOnBoard(run.plan.policy) ? "onboard" : "ground",
        found: (found[index] ?? []).filter(visible).map((one) => inPicture(one, x, y)),
      })),
    });
  }
  return pictures;
};

const contactsOf = ({ stage, runs }: FinishedRun) =>
  stage.base.contacts.contacts.map((contact) => ({
    satellite: contact.satellite,
    station: contact.station,
    aos: contact.aos,
    los: contact.los,
    bytesByPolicy: Object.fromEntries(
      runs.map(({ plan, satellites }) => [
        plan.policy.label,
        satellites.flatMap(({ contacts }) => contacts).find(({ contact: id }) => id === contact.id)?.total ??
          0,
      ]),
    ),
  }));

/** The satellite whose battery came lowest, or the hottest one, as it fared under each policy. */
const platformTraces = (runs: readonly PolicyRun[]): readonly PlatformTrace[] => {
  const all = runs.flatMap(({ plan, satellites }) =>
    satellites.flatMap(({ satellite, body }) =>
      body === null || body.series.at.length === 0
        ? []
        : [{ policy: plan.policy.label, satellite, body, ...body.series }],
    ),
  );
  const [worst] = all.toSorted(
    ({ body: a }, { body: b }) =>
      (a.power?.minCharge ?? 1) - (b.power?.minCharge ?? 1) || (b.heat?.max ?? 0) - (a.heat?.max ?? 0),
  );
  return all.filter(({ satellite }) => satellite === worst?.satellite);
};

/** Where a scene is from, as an item in `folder` says it: an address, or a path from there. */
const sourcesOf = ({ dataset, scenario }: Stage, scene: string, folder: string): readonly string[] => {
  // What is rendered lies in a cache of ours, which is nobody's source.
  if (scenario.dataset.startsWith("builtin:")) return [];
  return dataset
    .files(scene)
    .map((file) => (isAbsolute(file) ? relative(folder, file).replaceAll("\\", "/") : file));
};

const archivedScenes = (
  stage: Stage,
  { landed, plan }: PolicyRun,
  folder: string,
): readonly ArchivedScene[] =>
  stage.dataset.scenes.flatMap((scene) => {
    const taken = landed.filter((one) => one.scene.id === scene.id);
    if (taken.length === 0) return [];
    const { georeference, width, height, id } = scene;
    return [
      {
        id,
        footprintLonLat: georeference === null ? null : footprint(georeference, width, height).slice(0, -1),
        recordedAt: scene.acquiredAt,
        platform: scene.platform,
        derivedFrom: sourcesOf(stage, id, resolve(folder, plan.policy.label, "stac")),
        capturedAt: taken.map(({ acquisition }) => acquisition.at),
        satellites: [...new Set(taken.map(({ acquisition }) => acquisition.satellite))],
        detections: taken.reduce((sum, { detections }) => sum + detections.length, 0),
      },
    ];
  });

/** As a shell takes it for one word: `builtin:harbour?scenes=2&size=1024` would end in the background. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Writes everything that a run leaves: summary, report, and for each policy its detections and STAC items. */
export const writeRun = async (finished: FinishedRun, folder: string): Promise<void> => {
  const { stage, runs, summary, command, configuration } = finished;
  const given = command === "demo" ? "" : ` ${shellWord(printable(stage.scenario.dataset))}`;
  const reproduce = {
    command: `swath ${command}${given} --config ${shellWord(`${folder}/scenario.yaml`)}`,
    configuration,
  };
  const report = renderReport({
    summary,
    policyWords: policies.map(({ name, sends }) => [name, sends]),
    scenes: await picturesOf(finished),
    contacts: contactsOf(finished),
    platform: platformTraces(runs),
    notes: stage.notes,
    reproduce,
  });
  const archives = runs.flatMap((run) => {
    const { label } = run.plan.policy;
    const records = run.landed.flatMap((landed) => resultRecords(landed, stage.model.info.classes));
    const provenance = {
      runId: summary.runId,
      softwareVersion: version,
      flownOver: summary.schedule.flownOver,
      model: summary.model,
    };
    const files = archiveFiles(records, archivedScenes(stage, run, folder), provenance);
    const rows = run.satellites.map((ledger) => fleetRow(ledger, run.plan.contacts.to));
    const satellites = { path: "satellites.parquet", content: encodeFleetParquet(rows) };
    return [...files, satellites, ...run.chips, ...run.tiles].map(({ path, content }): RunFile => ({
      path: `${label}/${path}`,
      content,
    }));
  });
  const { name, precision } = summary.model;
  const workedModel = { model: name, precision };
  await writeRunFolder(folder, [
    { path: "summary.json", content: stringifySummary(summary) },
    { path: "report.html", content: report },
    { path: "scenario.yaml", content: configuration },
    { path: "workload.json", content: `${JSON.stringify(workloadOf(summary.runId, workedModel, runs))}\n` },
    ...archives,
  ]);
};
