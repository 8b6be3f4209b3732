import { html, type Content, type Markup } from "../drawing/html.ts";
import type { ReportInput } from "./report-input.ts";
import { sceneFigure } from "./scene-figure.ts";

const key = (kind: string, text: string): Markup =>
  html`<span
    ><svg aria-hidden="true" viewBox="0 0 18 12" style="background:#22313c">
      <g class="box ${kind}">
        <rect class="line" x="4" y="2" width="10" height="8" />
        ${kind === "alarm" && html`<path class="line" d="M4 10L14 2" />`}
      </g></svg
    >${text}</span
  >`;

/** Pictures of the scenes: one large, kept apart from training where there is one; the others whole, up to a limit. */
export const whatWasSeen = ({ scenes }: ReportInput): Content => {
  const pictured = scenes.flatMap((scene) =>
    scene.picture === null ? [] : [{ scene, picture: scene.picture }],
  );
  const [first] = pictured;
  if (first === undefined) return html`<p class="empty">No scene is drawn.</p>`;
  const errors = ({ scene: { marks } }: typeof first): number =>
    marks === null ? 0 : marks.missed + marks.falseAlarms;
  const ordered = pictured.toSorted(
    (a, b) =>
      Number(b.scene.trainedOn === false) - Number(a.scene.trainedOn === false) || errors(b) - errors(a),
  );
  const classes = new Set(pictured.flatMap(({ picture }) => picture.boxes.map(({ className }) => className)));
  const labelled = pictured.some(({ scene }) => scene.marks !== null);
  const more = new Set(scenes.map(({ scene }) => scene)).size - pictured.length;
  return html`<p class="keyline">
      ${key("found", labelled ? "found" : "detected")}
      ${labelled && html`${key("missed", "in the labels, missed")}${key("alarm", "false alarm")}`}
      <span>Class and score stand beside a box where there is room; all are in the files.</span>
    </p>
    <div class="scenes">
      ${ordered.map(({ scene, picture }, i) => sceneFigure(scene, picture, i === 0, classes.size > 1))}
    </div>
    ${more > 0 && html`<p class="note">${more} more, listed above.</p>`}`;
};
