import { useComputed } from "@preact/signals";
import { sunElevation } from "../../pipeline/orbit/sun.ts";
import { degrees, instant } from "../../pipeline/units.ts";
import { bytesText, placeText } from "../look/figures.ts";
import { hasDataset, select, toggleAround } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { chipPath } from "../page/run-session.ts";
import { detectionFacts, type DetectionFacts } from "../reading/detection-facts.ts";
import type { PolicyView } from "../reading/policy-view.ts";
import type { Prepared } from "../reading/prepared.ts";
import { sceneName } from "../reading/scene-marks.ts";
import { rowsOf } from "../state/sorted.ts";
import { clockText } from "../time/time-axis.ts";
import { ChipPicture } from "./chip-picture.tsx";
import { SceneAround } from "./scene-around.tsx";

/** At most so many chips are shown beneath; the rest as a number. */
const thumbs = 9;

/** `02:12:27 by K, sun 63° high`. */
export const seenText = (prepared: Prepared, acquisition: number): string => {
  const { at_s, satellite, sun_elevation_deg, longitude_deg, latitude_deg } =
    prepared.plan.acquisitions.columns;
  const at = prepared.epoch + (at_s[acquisition] ?? 0);
  const [lon, lat] = [longitude_deg[acquisition] ?? NaN, latitude_deg[acquisition] ?? NaN];
  const sun =
    sun_elevation_deg[acquisition] ??
    (Number.isNaN(lon) ? NaN : sunElevation(degrees(lon), degrees(lat), instant(at)));
  const light = Number.isNaN(sun)
    ? ""
    : sun < 0
      ? `, at night, sun ${Math.round(-sun)}° below`
      : `, sun ${Math.round(sun)}° high`;
  return `${clockText(at)} by ${prepared.shortNames[satellite[acquisition] ?? -1] ?? ""}${light}`;
};

/** `02:14:00 by F, Mingenew`: when the product that brought it was whole on the ground, whence and where. */
const landedText = (prepared: Prepared, { record }: PolicyView, product: number): string => {
  const { columns } = record.tables.landings;
  const row = columns.product.lastIndexOf(product);
  if (row < 0) return "–";
  const who = prepared.shortNames[columns.satellite[row] ?? -1] ?? "";
  const where = prepared.head.stations[columns.station[row] ?? -1]?.name ?? "";
  return `${clockText(prepared.epoch + (columns.at_s[row] ?? 0))} by ${who}, ${where}`;
};

/** Bytes of the products of a scene by kind, in the order of the head: `325 B + 6.82 kB for all 22`. */
const costText = ({ head }: Prepared, view: PolicyView, acquisition: number, count: number): string => {
  const { kind, bytes } = view.record.tables.products.columns;
  const sums = new Map<number, number>();
  for (const row of rowsOf(view.productsOf, acquisition))
    sums.set(kind[row] ?? 0, (sums.get(kind[row] ?? 0) ?? 0) + (bytes[row] ?? 0));
  const parts = head.kinds.flatMap((_, i) => (sums.has(i) ? [bytesText(sums.get(i) ?? 0)] : []));
  return `${parts.join(" + ")} for all ${count}`;
};

const Thumb = ({
  src,
  facts,
  go,
}: {
  readonly src: string;
  readonly facts: DetectionFacts;
  readonly go: () => void;
}) => (
  <button type="button" onClick={go} aria-label={`${facts.className} ${facts.score.toFixed(3)}`}>
    <img src={src} alt="" loading="lazy" />
  </button>
);

/** One detection: chip, class, score, place, size, who took it and who landed it, and the other chips of the scene. */
export const DetectionCard = ({
  acquisition,
  detection,
}: {
  readonly acquisition: number;
  readonly detection: number;
}) => {
  const console = useConsole();
  const { desk, run, view, session } = console;
  const found = useComputed(() => {
    const prepared = run.value?.prepared;
    if (prepared === undefined || view.value === null) return null;
    return detectionFacts(prepared, view.value, acquisition, desk.readT.value - prepared.epoch);
  });
  const prepared = run.value?.prepared;
  const shown = view.value;
  const all = found.value ?? [];
  const own = all.find(({ index }) => index === detection);
  if (prepared === undefined || shown === null) return null;
  const scene = sceneName(prepared, acquisition);
  if (own === undefined)
    return (
      <p class="note detection">
        At this moment the ground does not have it: it lands later, or under another policy.
      </p>
    );
  const id = session.state.value.state === "loaded" ? session.state.value.id : "";
  const src = (index: number): string => chipPath(id, shown.record.policy.label, acquisition, index);
  const withChips = all.filter(({ chip }) => chip !== null);
  const { sizeMetres, lonLat, boxPx } = own;
  const plannedScene = prepared.plan.acquisitions.columns.scene[acquisition] ?? -1;
  const { width_px, height_px } = prepared.plan.scenes.columns;
  const isAround = desk.around.value === acquisition;
  return (
    <div class="detection">
      <div class="card">
        {own.chip === null ? (
          <div class="picture onboard">
            no chip
            <br />
            came down
          </div>
        ) : (
          <ChipPicture src={src(own.index)} facts={own} />
        )}
        <div>
          <div class="title">
            <b>{own.className}</b>
            <span class="score">{own.score.toFixed(3)}</span>
            <span class="nth">
              {all.indexOf(own) + 1} of {all.length} in {scene}
            </span>
          </div>
          <dl class="pairs">
            <dt>place</dt>
            <dd>{lonLat === null ? "the image does not say" : placeText(lonLat[0], lonLat[1])}</dd>
            <dt>box</dt>
            <dd>
              {sizeMetres === null
                ? `${Math.round(boxPx[2] - boxPx[0])} × ${Math.round(boxPx[3] - boxPx[1])} px`
                : `${Math.round(sizeMetres[0])} m × ${Math.round(sizeMetres[1])} m, ${Math.round(Math.hypot(...sizeMetres))} m across`}
            </dd>
            <dt>seen</dt>
            <dd>{seenText(prepared, acquisition)}</dd>
            <dt>landed</dt>
            <dd>{landedText(prepared, shown, own.product)}</dd>
            <dt>cost</dt>
            <dd>{costText(prepared, shown, acquisition, all.length)}</dd>
          </dl>
        </div>
      </div>
      {hasDataset(prepared.head) && width_px[plannedScene] !== undefined && (
        <>
          <button
            type="button"
            class="button aroundit"
            aria-pressed={isAround}
            aria-keyshortcuts="s"
            onClick={() => toggleAround(console)}
          >
            Scene around it <kbd>S</kbd>
          </button>
          {isAround && (
            <SceneAround
              run={id}
              scene={scene}
              size={{ widthPx: width_px[plannedScene] ?? 0, heightPx: height_px[plannedScene] ?? 0 }}
              own={own}
              others={all.filter((each) => each !== own)}
            />
          )}
        </>
      )}
      {withChips.length > 1 && (
        <div class="thumbs" aria-label="Other chips of the scene">
          {withChips
            .filter((each) => each !== own)
            .slice(0, thumbs)
            .map((each) => (
              <Thumb
                key={each.index}
                src={src(each.index)}
                facts={each}
                go={() => select(console, { kind: "detection", acquisition, detection: each.index })}
              />
            ))}
          {withChips.length - 1 > thumbs && <span>+{withChips.length - 1 - thumbs}</span>}
        </div>
      )}
    </div>
  );
};
