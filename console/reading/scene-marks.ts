import { noScene } from "../../pipeline/mission/plan-tables.ts";
import { countText } from "../look/figures.ts";
import type { SceneMark, SceneStage } from "../map/picture.ts";
import { stageAt } from "../state/picture-record.ts";
import { rowsOf } from "../state/sorted.ts";
import { capturedAt, type PolicyView } from "./policy-view.ts";
import type { Prepared } from "./prepared.ts";
import type { Selection } from "./selection.ts";

/** A scene is fresh for so long after it was taken. */
export const freshFor = 600;

/** So many of them have a circle round them, the latest: more would be one grey mass. */
export const mostFresh = 60;

/** The name of an acquisition's scene; empty in a simulation. */
export const sceneName = ({ plan }: Prepared, acquisition: number): string => {
  const scene = plan.acquisitions.columns.scene[acquisition];
  return scene === undefined || scene === noScene ? "" : (plan.sceneNames[scene] ?? "");
};

/** What the detections of an acquisition are: `ship` where all are of one class, else `detection`. */
export const nounOf = ({ head }: Prepared, view: PolicyView, acquisition: number): string => {
  const { columns } = view.record.tables.detections;
  const classes = new Set(Array.from(rowsOf(view.detectionsOf, acquisition), (row) => columns.class[row]));
  const [only] = classes;
  if (classes.size === 1 && only !== undefined) return head.classes[only] ?? "detection";
  return head.classes.length === 1 ? (head.classes[0] ?? "detection") : "detection";
};

/** Detections of an acquisition that subscribers have by `t`. */
export const landedCount = (view: PolicyView, acquisition: number, t: number): number => {
  const { at_s } = view.record.tables.detections.columns;
  return rowsOf(view.detectionsOf, acquisition).reduce(
    (sum, row) => sum + ((at_s[row] as number) <= t ? 1 : 0),
    0,
  );
};

/** Detections that the computer on board found, once it has; `null` before, and where the ground detects. */
export const foundOnBoard = ({ record }: PolicyView, acquisition: number, t: number): number | null => {
  const { computes } = record.tables;
  const row = record.pictures.compute[acquisition] ?? -1;
  if (record.policy.where !== "board" || row < 0 || (computes.columns.to_s[row] as number) > t) return null;
  return computes.columns.detections[row] as number;
};

/** How far an acquisition has come by `t`, as the map shows it. */
export const markStage = (
  { plan }: Prepared,
  { record }: PolicyView,
  acquisition: number,
  t: number,
): SceneStage => {
  const stage = stageAt(plan, record.pictures, record.tables, acquisition, t);
  return stage === "ahead" || stage === "landed" ? stage : "on-board";
};

const labelOf = (
  prepared: Prepared,
  view: PolicyView,
  acquisition: number,
  stage: SceneMark["stage"],
  t: number,
  full: boolean,
): string => {
  const name = sceneName(prepared, acquisition);
  if (stage === "ahead") return full ? name : "";
  if (stage === "landed") {
    const count = landedCount(view, acquisition, t);
    return full ? `${name} ${countText(count, nounOf(prepared, view, acquisition))}` : `${name} ${count}`;
  }
  const found = foundOnBoard(view, acquisition, t);
  return `${name} ${found === null ? "" : `${found} `}on board`;
};

/** The acquisition that stands for each scene at `t`: the latest that was taken, else the next. */
const currentAcquisitions = ({ plan }: Prepared, t: number): readonly number[] => {
  const { at_s, scene } = plan.acquisitions.columns;
  const current = new Map<number, number>();
  for (let acquisition = 0; acquisition < plan.acquisitions.rows; acquisition++) {
    const which = scene[acquisition] as number;
    if (which === noScene) continue;
    if (!current.has(which) || (at_s[acquisition] as number) <= t) current.set(which, acquisition);
  }
  return [...current.values()];
};

/** Acquisitions that are fresh at `t`, the latest first. */
export const freshAt = (view: PolicyView, acquisitions: readonly number[], t: number): readonly number[] =>
  acquisitions
    .map((acquisition) => ({ acquisition, age: t - capturedAt(view, acquisition) }))
    .filter(({ age }) => age >= 0 && age < freshFor)
    .toSorted((a, b) => a.age - b.age)
    .map(({ acquisition }) => acquisition);

/** How many of these marks are fresh at `t` and have no circle, since too many are. */
export const freshBeyond = (view: PolicyView, marks: readonly SceneMark[], t: number): number =>
  marks.length <= mostFresh
    ? 0
    : Math.max(
        0,
        freshAt(
          view,
          marks.map(({ id }) => Number(id)),
          t,
        ).length - mostFresh,
      );

/** The scenes at `t` (seconds from the start), as marks. Scenes without a place are not on the map. */
export const sceneMarks = (
  prepared: Prepared,
  view: PolicyView,
  t: number,
  selection: Selection | null,
): readonly SceneMark[] => {
  const { longitude_deg, latitude_deg, sun_elevation_deg } = prepared.plan.acquisitions.columns;
  const chosen =
    selection?.kind === "acquisition" || selection?.kind === "detection" ? selection.acquisition : -1;
  const shown = currentAcquisitions(prepared, t).filter(
    (acquisition) => !Number.isNaN(longitude_deg[acquisition] as number),
  );
  const freshest = new Set(freshAt(view, shown, t).slice(0, mostFresh));
  return shown.map((acquisition) => {
    const stage = markStage(prepared, view, acquisition, t);
    const fresh = freshest.has(acquisition);
    const selected = acquisition === chosen;
    return {
      id: String(acquisition),
      label: labelOf(prepared, view, acquisition, stage, t, selected || fresh),
      lonLat: [longitude_deg[acquisition] as number, latitude_deg[acquisition] as number],
      stage,
      fresh,
      selected,
      atNight: (sun_elevation_deg[acquisition] as number) < 0,
    };
  });
};
