import { formatCountOf } from "../../../pipeline/format.ts";
import { leadingPolicy } from "../../summary/leading-policy.ts";
import { distanceText, durationText, momentText } from "../drawing/figures.ts";
import { html, type Content, type Markup } from "../drawing/html.ts";
import { degrees } from "../../../pipeline/units.ts";
import { worldMap, type MapScene } from "../drawing/world-map.ts";
import type { ReportInput, ReportScene } from "./report-input.ts";

/** From here on the table is folded on screens; on paper it is open. */
const mostOpen = 60;

/** Ships that are still drawn one by one. */
const mostMarks = 160;

/** A scene landed at once where a contact was open. */
const atOnce = 10;

/** A mark an object: filled found, hollow missed, × false alarm. Drawn by its pattern, so that hundreds stay small. */
const objectMarks = (scene: ReportScene): Content => {
  const { marks } = scene;
  if (marks === null) return html`<span class="hidden">not labelled</span>`;
  const { found, missed, falseAlarms } = marks;
  if (found + missed + falseAlarms > mostMarks)
    return `${found} found, ${missed} missed, ${falseAlarms} false`;
  const filled = Array.from({ length: found }, (_, i) => html`<i class="f" ${i > 0 && ""}></i>`);
  const hollow = Array.from({ length: missed }, () => html`<i class="m"></i>`);
  const wrong = Array.from({ length: falseAlarms }, () => html`<i class="x"></i>`);
  return html`<span
    class="objects"
    role="img"
    aria-label="${found} found, ${missed} missed, ${falseAlarms} false alarms"
    >${filled}${hollow}${wrong}</span
  >`;
};

const trainedText = (trainedOn: boolean | null): Content =>
  trainedOn === null ? null : trainedOn ? "trained on" : html`<strong>kept apart</strong>`;

const row = (
  input: ReportInput,
  scene: ReportScene,
  index: number,
  stationName: (id: string) => string,
): Markup => {
  const { policy } = leadingPolicy(input.summary);
  const { flownOver } = input.summary.schedule;
  const delay = scene.delays[policy] ?? null;
  const about = [
    scene.satellite,
    ...(scene.sun === null ? [] : [`Sun ${Math.round(scene.sun)}°`]),
    ...(scene.offTrack === null || !flownOver ? [] : [`${distanceText(scene.offTrack)} off track`]),
  ];
  const { marks } = scene;
  return html`<tr>
    <td class="index">${index + 1}</td>
    <th scope="row" class="text">${scene.scene}<small>${trainedText(scene.trainedOn)}</small></th>
    <td class="text" data-head="seen">${momentText(scene.takenAt)}<small>${about.join(", ")}</small></td>
    <td class="text" data-head="landed at">
      ${
        scene.station === null
          ? delay === null
            ? "never"
            : "–"
          : html`${stationName(scene.station)}<small
                >${delay === null ? "in part" : `after ${durationText(delay)}`}</small
              >`
      }
    </td>
    <td class="text wide">${objectMarks(scene)}</td>
    <td>
      ${marks === null ? scene.detections.toLocaleString("en-GB") : `${marks.found} / ${marks.found + marks.missed}`}<small
        >${marks === null ? "not labelled" : `${marks.falseAlarms} false`}</small
      >
    </td>
  </tr>`;
};

const table = (input: ReportInput): Markup => {
  const { summary, scenes } = input;
  const names = new Map(summary.stations.map(({ id, name }) => [id, name]));
  const stationName = (id: string): string => names.get(id) ?? id;
  const labelled = scenes.some(({ marks }) => marks !== null);
  const body = html`<table class="saw stack">
      <thead>
        <tr>
          <th scope="col"><span class="hidden">number</span></th>
          <th scope="col" class="text">scene</th>
          <th scope="col" class="text">seen<small>by, Sun, distance</small></th>
          <th scope="col" class="text">landed at<small>after</small></th>
          <th scope="col" class="text">${labelled && "objects"}</th>
          <th scope="col">${labelled ? html`found<small>false alarms</small>` : "detections"}</th>
        </tr>
      </thead>
      <tbody>
        ${scenes.map((scene, index) => row(input, scene, index, stationName))}
      </tbody>
    </table>
    ${
      labelled &&
      html`<p class="note objects-key">
        <span class="objects"><i class="f"></i></span> found
        <span class="objects"><i class="m"></i></span> missed
        <span class="objects"><i class="x"></i></span> false alarm. One mark, one object, under
        ${leadingPolicy(summary).policy}.
      </p>`
    }`;
  if (scenes.length <= mostOpen) return body;
  return html`<details>
    <summary>All ${formatCountOf(scenes.length, "acquisition")}</summary>
    ${body}
  </details>`;
};

const keyOf = (later: boolean): Markup =>
  html`<p class="keyline mapkey">
    <span
      ><svg aria-hidden="true" viewBox="0 0 18 12"><circle class="scene" cx="9" cy="6" r="4.5" /></svg>scene,
      landed at once</span
    >
    ${
      later &&
      html`<span
        ><svg aria-hidden="true" viewBox="0 0 18 12"><circle class="scene later" cx="9" cy="6" r="4" /></svg
        >landed later</span
      >`
    }
    <span
      ><svg aria-hidden="true" viewBox="0 0 18 12"><path class="track" d="M0 6h18" /></svg>the pass, 6 min
      each way</span
    >
    <span
      ><svg aria-hidden="true" viewBox="0 0 18 12"><path class="heard" d="M0 6h18" /></svg>heard at once
      by</span
    >
    <span
      ><svg aria-hidden="true" viewBox="0 0 18 12">
        <rect class="station hears" x="6" y="3" width="7" height="7" /></svg
      >station that heard a scene</span
    >
    <span
      ><svg aria-hidden="true" viewBox="0 0 18 12">
        <rect class="station" x="6.5" y="3.5" width="5" height="5" /></svg
      >other station</span
    >
  </p>`;

const mapOf = (input: ReportInput): Markup => {
  const { summary, scenes, tracks } = input;
  const { policy } = leadingPolicy(summary);
  const drawn = new Map<string, MapScene>();
  scenes.forEach((scene, index) => {
    if (scene.place === null || drawn.has(scene.scene)) return;
    const delay = scene.delays[policy] ?? null;
    drawn.set(scene.scene, {
      ...scene.place,
      name: `${index + 1} ${scene.scene}`,
      short: String(index + 1),
      state: delay === null ? "never" : delay <= atOnce ? "landed" : "later",
      station: summary.schedule.flownOver ? scene.station : null,
    });
  });
  const stations = summary.stations.map(({ id, name, longitudeDegrees, latitudeDegrees }) => ({
    id,
    name,
    longitude: degrees(longitudeDegrees),
    latitude: degrees(latitudeDegrees),
  }));
  const list = [...drawn.values()];
  const finding = `Map: ${formatCountOf(list.length, "scene")}, ${formatCountOf(stations.length, "station")}${tracks.length > 0 ? ", and the passes in which the scenes were seen" : ""}`;
  return html`${worldMap({ finding, scenes: list, stations, tracks })}
  ${keyOf(list.some(({ state }) => state === "later"))}`;
};

/** The map, then a table of every acquisition: seen when and by whom, landed where, and what was found. */
export const whoSawWhat = (input: ReportInput): Content => {
  const { summary, scenes } = input;
  const { unseen, flownOver } = summary.schedule;
  if (scenes.length === 0) return html`<p class="empty">No acquisition was followed.</p>`;
  return html`${scenes.some(({ place }) => place !== null) ? mapOf(input) : html`<p class="empty">No scene has a place, so there is no map.</p>`}
    ${!flownOver && html`<p class="note">No satellite was over these scenes, so the map has no passes.</p>`}
    ${table(input)}
    <p class="note">
      Times are UTC.
      ${
        unseen.length === 0
          ? "No scene is left out."
          : html`Left out:
            ${unseen.map(({ scene, reason }, i) => html`${i > 0 && "; "}${scene} (${reason})`)}.`
      }
    </p>`;
};

/** Marks of objects, in `em`, so that they follow the type. */
export const objectStyle: Markup = {
  markup: `.objects{display:flex;flex-wrap:wrap;gap:1px;max-width:46em;padding-top:3px}
.objects-key .objects{display:inline-flex;padding:0;vertical-align:-1px}
.objects i{width:9px;height:9px;flex:none}.objects .f{background:var(--detections)}.objects .m{border:1.3px solid var(--trouble)}
.objects .x{background:linear-gradient(45deg,#0000 42%,var(--trouble) 42% 58%,#0000 58%),linear-gradient(-45deg,#0000 42%,var(--trouble) 42% 58%,#0000 58%)}
.saw td.index{color:var(--ink2);padding-right:8px}.saw .wide{width:42%}
.groups.both{display:grid;grid-template-columns:minmax(0,.9fr) minmax(0,1fr);gap:0 26px}
.groups.both table+table th:first-child{display:none}
.verdicts th,.verdicts td{text-align:left}.verdicts td{min-width:0}
.verdicts tr>*:first-child,.policies tr>*:first-child{padding-left:6px}
@media (max-width:760px){.wide-only{display:none}.groups.both{display:block}.groups.both table+table{margin-top:18px}.groups.both table+table th:first-child{display:table-cell}
.verdicts .duty,.verdicts small,.verdicts .room{display:none}.verdicts th:first-child{max-width:5.2em}
.verdicts th,.verdicts td{padding-right:3px;font-size:11.5px;text-align:right}.verdicts th:first-child{text-align:left}
.verdicts tr>*:first-child,.policies tr>*:first-child{padding-left:0}
.policies th .swatch{margin-right:4px}}
@media screen and (max-width:760px){.saw td.index{float:left;padding-right:6px}.saw .wide{width:auto}.saw small{display:inline;margin-left:6px}}
@media print{.objects i{width:8px;height:8px}.groups.both{gap:0 16px}}`,
};
