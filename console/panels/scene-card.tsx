import { useComputed } from "@preact/signals";
import { bytesText, countText } from "../look/figures.ts";
import { select } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { chipPath } from "../page/run-session.ts";
import { detectionFacts } from "../reading/detection-facts.ts";
import { kindText } from "../reading/kind-text.ts";
import { foundOnBoard, markStage, nounOf, sceneName } from "../reading/scene-marks.ts";
import { rowsOf } from "../state/sorted.ts";
import { clockText } from "../time/time-axis.ts";
import { seenText } from "./detection-card.tsx";

/** A scene: how far it is, and the detections of it that the ground has. What it does not have is a dashed frame and a number. */
export const SceneCard = ({ acquisition }: { readonly acquisition: number }) => {
  const console = useConsole();
  const { desk, run, view, session } = console;
  const facts = useComputed(() => {
    const prepared = run.value?.prepared;
    if (prepared === undefined || view.value === null) return null;
    const t = desk.readT.value - prepared.epoch;
    return {
      prepared,
      shown: view.value,
      stage: markStage(prepared, view.value, acquisition, t),
      found: foundOnBoard(view.value, acquisition, t),
      landed: detectionFacts(prepared, view.value, acquisition, t),
      t,
    };
  });
  if (facts.value === null) return null;
  const { prepared, shown, stage, found, landed, t } = facts.value;
  const { plan } = prepared;
  const name = sceneName(prepared, acquisition) || `acquisition ${acquisition}`;
  const scene = plan.acquisitions.columns.scene[acquisition] ?? -1;
  const { width_px, height_px } = plan.scenes.columns;
  const noun = nounOf(prepared, shown, acquisition);
  const { kind, bytes, at_s } = shown.record.tables.products.columns;
  const products = Array.from(rowsOf(shown.productsOf, acquisition)).filter(
    (row) => (at_s[row] ?? Infinity) <= t,
  );
  const taken = shown.record.pictures.capture[acquisition] ?? -1;
  const sensor = taken < 0 ? 0 : (shown.record.tables.captures.columns.sensor_bytes[taken] ?? 0);
  const id = session.state.value.state === "loaded" ? session.state.value.id : "";
  const best = landed.find(({ chip }) => chip !== null);
  const count = stage === "landed" ? landed.length : found;
  const isCounts = prepared.head.shows === "counts";
  return (
    <div class="detection">
      <div class="card">
        {best === undefined ? (
          <div class="picture onboard">
            {isCounts ? "simulated:" : stage === "ahead" ? "scene" : stage === "landed" ? "no chip" : "chip"}
            <br />
            {isCounts
              ? "no pixels"
              : stage === "ahead"
                ? "ahead"
                : stage === "landed"
                  ? "came down"
                  : "on board"}
          </div>
        ) : (
          <button
            type="button"
            class="plain picture"
            aria-label={`Open the best ${noun} of ${name}`}
            onClick={() => select(console, { kind: "detection", acquisition, detection: best.index })}
          >
            <img
              class="best"
              src={chipPath(id, shown.record.policy.label, acquisition, best.index)}
              alt=""
              width="104"
              height="120"
            />
          </button>
        )}
        <div>
          <div class="title">
            <b>{name}</b>
            <span class="score">{count === null ? "" : countText(count, noun)}</span>
            <span class="nth">
              {stage === "landed" ? "landed" : stage === "ahead" ? "ahead" : "on board, not landed"}
            </span>
          </div>
          <dl class="pairs">
            {scene >= 0 && width_px[scene] !== undefined && (
              <>
                <dt>scene</dt>
                <dd>
                  {width_px[scene]} × {height_px[scene]} px{sensor > 0 && `, ${bytesText(sensor)}`}
                </dd>
              </>
            )}
            <dt>{stage === "ahead" ? "will be" : "seen"}</dt>
            <dd>{seenText(prepared, acquisition)}</dd>
            {products.length > 0 && (
              <>
                <dt>{stage === "landed" ? "sent" : "waits"}</dt>
                <dd>
                  {products
                    .slice(0, 3)
                    .map((row) => `${kindText(prepared.head, kind[row] ?? -1)} ${bytesText(bytes[row] ?? 0)}`)
                    .join(", ")}
                  {products.length > 3 && ` and ${products.length - 3} more`}
                </dd>
              </>
            )}
            {stage === "landed" && landed[0] !== undefined && (
              <>
                <dt>landed</dt>
                <dd>{clockText(prepared.epoch + landed[0].publishedAt)}</dd>
              </>
            )}
          </dl>
          {stage === "on-board" && !isCounts && shown.record.policy.name !== "detect" && (
            <p class="note">Chips show here once a station has them.</p>
          )}
        </div>
      </div>
      {landed.length > 0 && (
        <div class="thumbs" aria-label="Detections of the scene">
          {landed.slice(0, 9).map((each) => (
            <button
              type="button"
              key={each.index}
              aria-label={`${each.className} ${each.score.toFixed(3)}`}
              onClick={() => select(console, { kind: "detection", acquisition, detection: each.index })}
            >
              {each.chip === null ? (
                <span class="number">{each.score.toFixed(2)}</span>
              ) : (
                <img
                  src={chipPath(id, shown.record.policy.label, acquisition, each.index)}
                  alt=""
                  loading="lazy"
                />
              )}
            </button>
          ))}
          {landed.length > 9 && <span>+{landed.length - 9}</span>}
        </div>
      )}
    </div>
  );
};
