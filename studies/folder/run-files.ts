import { formatCountOf } from "../../pipeline/format.ts";
import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import type { Bytes } from "../../pipeline/units.ts";
import { basename, isAbsolute, relative, resolve } from "node:path";
import { printable } from "../../datasets/files/location.ts";
import { archiveFiles } from "../../stations/archive/archive.ts";
import type { ArchivedScene } from "../../stations/archive/stac.ts";
import { policies } from "../../operators/policies/registry.ts";
import type { FinishedRun } from "./finished-run.ts";
import { identityFile, requireOwnFolder } from "./identity-file.ts";
import { reportScenes } from "./report-scenes.ts";
import { tagFiles } from "./run-tags.ts";
import { encodeFleetParquet } from "./satellite-parquet.ts";
import { writeRunFolder, type RunFile } from "../../pipeline/atomic-folder.ts";
import { workloadOf } from "../../measure/run/measured-workload.ts";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import type { PlatformTrace } from "../../measure/report/run/platform-chart.ts";
import { renderReport } from "../../measure/report/run-report.ts";
import { fleetRow } from "../../measure/fleet/fleet-row.ts";
import { leadingPolicy } from "../../measure/summary/leading-policy.ts";
import { stringifySummary, type RunSummary } from "../../measure/summary/run-summary.ts";
import { footprint } from "../../pipeline/raster/georeference.ts";
import type { Stage } from "../engine/prepared-run.ts";
import { version } from "../../pipeline/package.ts";
import { resultRecords } from "../../stations/archive/result-record.ts";

const contactsOf = ({ stage, runs }: FinishedRun) => {
  const sent = runs.map(({ plan, satellites }) => ({
    policy: plan.policy.label,
    of: new Map(
      satellites.flatMap(({ contacts }) => contacts.map(({ contact, total }) => [contact, total] as const)),
    ),
  }));
  return stage.base.contacts.contacts.map(({ id, satellite, station, aos, los }) => ({
    satellite,
    station,
    aos,
    los,
    bytesByPolicy: Object.fromEntries(sent.map(({ policy, of }) => [policy, of.get(id) ?? 0])),
  }));
};

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

/** The command as it stands in the folder that it made: without the folders of this machine. */
const commandOf = ({ stage, command }: FinishedRun): string => {
  const dataset = printable(stage.scenario.dataset);
  const given = isAbsolute(dataset) ? basename(dataset) : dataset;
  return `swath ${command}${command === "demo" ? "" : ` ${shellWord(given)}`} --config scenario.yaml`;
};

/** What lies beside the page, for a reader who wants more. */
const filesBeside = (written: readonly string[], summary: RunSummary, hasLedger: boolean) => {
  const { policies: flown, dataset } = summary;
  const { policy } = leadingPolicy(summary);
  const has = (path: string): readonly string[] => (written.includes(path) ? [path] : []);
  const folder = (path: string): readonly string[] =>
    written.some((one) => one.startsWith(path)) ? [path] : [];
  const others = flown.filter((one) => one.policy !== policy).map((one) => `${one.policy}/`);
  return [
    { paths: ["summary.json"], what: "every number of this page" },
    {
      paths: [...has(`${policy}/detections.parquet`), ...has(`${policy}/detections.geojson`)],
      what: `detections of ${policy}, with place, score, satellite, station`,
    },
    {
      paths: has(`${policy}/stac/collection.json`),
      what: `${formatCountOf(dataset.scenes, "scene")} as STAC items`,
    },
    { paths: flown.flatMap((one) => folder(`${one.policy}/chips/`)), what: "image chips" },
    {
      paths: flown.flatMap((one) => folder(`${one.policy}/tiles/`)),
      what: "tiles that the ground asked for",
    },
    { paths: has(`${policy}/satellites.parquet`), what: "the books of each satellite" },
    { paths: others.flatMap(folder), what: "the same of the other policies" },
    { paths: ["mission/head.json"], what: "where everything was at any moment, for the console" },
    { paths: ["scenario.yaml"], what: "the run's options" },
    { paths: ["workload.json"], what: "the work just measured, for swath simulate" },
    {
      paths: hasLedger ? ["ledger.jsonl"] : [],
      what: "what tenants used and paid, line by line: swath ledger verify adds it up again",
    },
    { paths: ["identity.json"], what: "what the run's name follows from: digests of all that was read" },
  ].filter(({ paths }) => paths.length > 0);
};

/** What each picture takes as lossless tiles, from the policy that measured it: all policies take the same pictures. */
const losslessSizes = (runs: readonly PolicyRun[]): ReadonlyMap<number, Bytes> =>
  new Map(
    runs
      .flatMap(({ satellites }) => satellites.flatMap(({ acquisitions }) => acquisitions))
      .flatMap(({ index, losslessBytes }) =>
        losslessBytes === null ? [] : [[index, losslessBytes] as const],
      ),
  );

/** A satellite's books with the baseline of its pictures, whoever measured it. */
const withLossless = (ledger: SatelliteLedger, sizes: ReadonlyMap<number, Bytes>): SatelliteLedger => ({
  ...ledger,
  acquisitions: ledger.acquisitions.map((record) => ({
    ...record,
    losslessBytes: record.losslessBytes ?? sizes.get(record.index) ?? null,
  })),
});

/** Writes everything that a run leaves: summary, report, and for each policy its detections and STAC items. */
export const writeRun = async (
  finished: FinishedRun,
  folder: string,
  tags: readonly string[] = [],
): Promise<void> => {
  const { stage, runs, summary, configuration, mission } = finished;
  const sizes = losslessSizes(runs);
  const archives = runs.flatMap((run) => {
    const { label } = run.plan.policy;
    const records = run.landed.flatMap((landed) => resultRecords(landed, stage.model.info.classes));
    const origin = { run: run.plan.runId, policy: label };
    const provenance = {
      runId: summary.runId,
      softwareVersion: version,
      flownOver: summary.schedule.flownOver,
      model: summary.model,
    };
    const files = archiveFiles(origin, records, archivedScenes(stage, run, folder), provenance);
    const rows = run.satellites.map((ledger) => fleetRow(withLossless(ledger, sizes), run.plan.contacts.to));
    const satellites = { path: "satellites.parquet", content: encodeFleetParquet(rows) };
    return [...files, satellites, ...run.chips, ...run.tiles].map(({ path, content }): RunFile => ({
      path: `${label}/${path}`,
      content,
    }));
  });
  const report = renderReport({
    summary,
    policyWords: policies.map(({ name, sends }) => [name, sends]),
    ...(await reportScenes(finished)),
    contacts: contactsOf(finished),
    platform: platformTraces(runs),
    notes: stage.notes,
    files: filesBeside(
      archives.map(({ path }) => path),
      summary,
      finished.ledger !== undefined,
    ),
    reproduce: { command: commandOf(finished), configuration },
  });
  await requireOwnFolder(folder, finished.identity);
  const { name, precision } = summary.model;
  const workedModel = { model: name, precision };
  await writeRunFolder(folder, [
    { path: "summary.json", content: stringifySummary(summary) },
    { path: "report.html", content: report },
    { path: "scenario.yaml", content: configuration },
    identityFile(finished.identity),
    ...(finished.ledger === undefined ? [] : [{ path: "ledger.jsonl", content: finished.ledger }]),
    { path: "workload.json", content: `${JSON.stringify(workloadOf(summary.runId, workedModel, runs))}\n` },
    ...archives,
    ...tagFiles(folder, tags),
    ...mission.files(),
  ]);
};
