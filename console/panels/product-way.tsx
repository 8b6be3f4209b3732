import { useComputed, useSignal } from "@preact/signals";
import { bytesText, durationText, percentText } from "../look/figures.ts";
import { kindText } from "../reading/kind-text.ts";
import { useConsole } from "../page/console-context.ts";
import { waitText } from "../reading/wait-text.ts";
import type { Prepared } from "../reading/prepared.ts";
import { productsOf, wayOf, type ProductWay, type WayStop } from "../state/product-way.ts";
import { exactClock } from "../time/time-axis.ts";

const names: Readonly<Record<WayStop["stop"], string>> = {
  captured: "capture",
  computed: "computed",
  "handed over": "handed over",
  landed: "landed",
  "at centre": "at centre",
  published: "published",
  lost: "lost",
};

const width = 396;
const inset = 22;

/** Stops that are shown: all that were come to, and those that must follow. At the centre is left out where it is no stop of its own. */
const stopsOf = ({ stops, on }: ProductWay): readonly WayStop[] => {
  // Where it is published at once the centre is no stop of its own.
  const published = stops.find(({ stop }) => stop === "published")?.at ?? null;
  const shown = stops.filter(
    ({ stop, at }) => stop !== "at centre" || (at !== null && published !== null && published - at > 0.0005),
  );
  if (on === "lost") return shown;
  const none = { at: null, satellite: null, station: null };
  const missing = (["landed", "published"] as const).filter(
    (stop) => !shown.some((each) => each.stop === stop),
  );
  return [...shown, ...missing.map((stop) => ({ stop, ...none }))];
};

const whereText = ({ shortNames, head }: Prepared, { satellite, station, stop }: WayStop): string => {
  if (station !== null) return head.stations[station]?.name ?? "";
  if (satellite !== null) return `${stop === "handed over" ? "to " : ""}${shortNames[satellite] ?? ""}`;
  return "";
};

/** Five stops at even distance for reading, and under them a bar to scale, hatched for waiting, for truth. */
const Way = ({
  way,
  prepared,
  t,
}: {
  readonly way: ProductWay;
  readonly prepared: Prepared;
  readonly t: number;
}) => {
  const stops = stopsOf(way);
  const step = (width - 2 * inset) / Math.max(1, stops.length - 1);
  const x = (i: number): number => inset + i * step;
  const first = stops[0]?.at ?? 0;
  const lastKnown = stops.findLast(({ at }) => at !== null);
  const waits = way.wait !== null;
  const now = waits ? t : (lastKnown?.at ?? first);
  const whole = Math.max(1e-9, now - first);
  const computed = stops.find(({ stop }) => stop === "computed")?.at ?? first;
  const sent = way.firstSentAt ?? now;
  const part = (at: number): number => ((at - first) / whole) * width;
  const knownUpTo = stops.findLastIndex(({ at }) => at !== null);
  return (
    <svg class="way" viewBox={`0 0 ${width} 84`} role="img" aria-label="Way of the product, stop by stop">
      <defs>
        <pattern
          id="waiting"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <line x1="0" y1="0" x2="0" y2="6" stroke="currentColor" stroke-width="1.6" opacity="0.45" />
        </pattern>
      </defs>
      {stops.map((stop, i) => {
        const next = stops[i + 1];
        const here = stop.at !== null;
        const anchor = i === 0 ? "start" : i === stops.length - 1 ? "end" : "middle";
        const textX = i === 0 ? 2 : i === stops.length - 1 ? width - 2 : x(i);
        const clock = here ? exactClock(prepared.epoch + (stop.at ?? 0)) : "";
        const underway = next !== undefined && here && next.at === null && i === knownUpTo;
        const gap =
          next?.at !== null && next !== undefined && here
            ? durationText((next.at ?? 0) - (stop.at ?? 0))
            : "";
        return (
          <g key={`${stop.stop}${i}`}>
            <text class="strong" x={textX} y="11" text-anchor={anchor}>
              {names[stop.stop]}
            </text>
            {next !== undefined && (
              <>
                <text x={(x(i) + x(i + 1)) / 2} y="26" text-anchor="middle">
                  {underway && waits ? `waits ${durationText(t - (stop.at ?? t))}` : gap}
                </text>
                <line
                  x1={x(i)}
                  x2={x(i + 1)}
                  y1="36"
                  y2="36"
                  stroke="currentColor"
                  stroke-width={underway && waits ? 3 : 1.6}
                  stroke-dasharray={next.at === null && !underway ? "2 3" : undefined}
                  opacity={next.at === null && !underway ? 0.6 : 1}
                />
              </>
            )}
            <circle
              cx={x(i)}
              cy="36"
              r="4"
              class={here ? "stop there" : "stop"}
              stroke="currentColor"
              stroke-width="1.4"
            />
            <text x={textX} y="53" text-anchor={anchor}>
              {whereText(prepared, stop)}
            </text>
            <text x={textX} y="67" text-anchor={anchor}>
              {i === 0 ? clock : clock.slice(6)}
            </text>
          </g>
        );
      })}
      <rect x="0" y="74" width={width} height="8" fill="none" stroke="currentColor" opacity="0.35" />
      <rect x="0" y="74" width={Math.max(1.5, part(computed))} height="8" fill="currentColor" />
      <rect
        x={part(computed)}
        y="74"
        width={Math.max(0, part(sent) - part(computed))}
        height="8"
        fill="url(#waiting)"
      />
      <rect
        x={Math.min(width - 1.5, part(sent))}
        y="74"
        width={Math.max(1.5, width - part(sent))}
        height="8"
        fill={waits ? "none" : "currentColor"}
      />
    </svg>
  );
};

/** The way of the products of a scene, from capture to subscriber. */
export const ProductWayPart = ({ acquisition }: { readonly acquisition: number }) => {
  const { desk, run, view } = useConsole();
  const place = useSignal(0);
  const ways = useComputed(() => {
    const prepared = run.value?.prepared;
    const record = view.value?.record;
    if (prepared === undefined || record === undefined) return null;
    const t = desk.readT.value - prepared.epoch;
    const rows = productsOf(record, acquisition, t);
    const row = rows[Math.min(place.value, rows.length - 1)];
    return {
      prepared,
      record,
      t,
      rows,
      way: row === undefined ? null : wayOf(prepared.plan, record, row, t),
    };
  });
  if (ways.value === null || ways.value.way === null) return null;
  const { prepared, record, t, rows, way } = ways.value;
  const first = way.stops[0]?.at ?? 0;
  const last = way.stops.findLast(({ at }) => at !== null)?.at ?? first;
  const end = way.wait === null ? last : t;
  const computed = way.stops.find(({ stop }) => stop === "computed")?.at ?? first;
  const waited = (way.firstSentAt ?? end) - computed;
  const share = end > first ? waited / (end - first) : 0;
  return (
    <div class="part">
      <div class="head">
        <h3>From capture to subscriber</h3>
        <span class="sum">
          {durationText(end - first)}
          {way.wait !== null && " so far"}
        </span>
      </div>
      {rows.length > 1 && (
        <label class="note">
          product{" "}
          <select value={place.value} onChange={(event) => (place.value = Number(event.currentTarget.value))}>
            {rows.slice(0, 200).map((row, i) => (
              <option key={row} value={i}>
                {kindText(prepared.head, record.tables.products.columns.kind[row] ?? -1)}
                {(record.tables.products.columns.tile[row] ?? -1) >= 0 &&
                  ` ${record.tables.products.columns.tile[row]}`}
                , {bytesText(record.tables.products.columns.bytes[row] ?? 0)}
              </option>
            ))}
          </select>
        </label>
      )}
      <Way way={way} prepared={prepared} t={t} />
      <p class="note">
        {way.wait === null
          ? waited > 0.0005
            ? `To scale: ${percentText(share)} waits on board.`
            : "To scale: nothing of it is waiting."
          : waitText(prepared, way.wait, t)}
      </p>
    </div>
  );
};
