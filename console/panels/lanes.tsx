import { computed, useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { select } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import type { LaneSubject } from "../page/desk.ts";
import { Sheet, type PointerSpot, type Surface } from "../page/sheet.tsx";
import { bytesText, durationText } from "../look/figures.ts";
import { orderLanes } from "../reading/order-lanes.ts";
import { handOversOf, policyLanes, satelliteLanes, stationLanes } from "../reading/lanes-of.ts";
import { manySatellites } from "../reading/map-picture.ts";
import type { Prepared } from "../reading/prepared.ts";
import { focusSatellite, focusStation, type Selection } from "../reading/selection.ts";
import { rowsOf } from "../state/sorted.ts";
import { drawLanes, lanesTop } from "../time/draw-lanes.ts";
import { layLanes, type LaneRow } from "../time/lane.ts";
import { moveTo } from "../time/clock.ts";
import { clockText, timeAt, type TimeScale } from "../time/time-axis.ts";
import { FleetGrid } from "./fleet-grid.tsx";
import { nameWidth } from "./run-strip.tsx";

const subjects: readonly LaneSubject[] = ["satellites", "stations", "policies", "orders", "fleet"];

/** All satellites while they are few; else the selected one and its neighbours in the list. */
const lanesShown = ({ head }: Prepared, focus: number): readonly number[] => {
  const count = head.satellites.length;
  if (count <= manySatellites.tracks) return head.satellites.map((_, i) => i);
  const first = Math.max(0, Math.min(count - neighbours, Math.max(0, focus) - neighbours / 2));
  return Array.from({ length: Math.min(neighbours, count) }, (_, i) => first + i);
};

const neighbours = 16;

/** The shortest window that can be zoomed to. */
const shortest = 20;

/** One lane a satellite: contacts, shadow, acquisitions, what was sent, hand-overs, losses. */
export const Lanes = () => {
  const console = useConsole();
  const { desk, run, view } = console;
  const scroll = useSignal(0);
  const hovered = useSignal<{ readonly contact: number; readonly x: number; readonly y: number } | null>(
    null,
  );
  const laid = useRef<{ readonly rows: readonly LaneRow[]; readonly scale: TimeScale } | null>(null);
  const pan = useRef<{ readonly x: number; readonly from: number; moved: boolean } | null>(null);
  const subject = useMemo(
    () =>
      computed((): LaneSubject => {
        const many = (run.value?.head.satellites.length ?? 0) > manySatellites.tracks;
        return desk.laneSubject.value ?? (many ? "stations" : "satellites");
      }),
    [],
  );
  const selected = useMemo(
    () =>
      computed(() => {
        const prepared = run.value?.prepared;
        if (prepared === undefined) return null;
        if (subject.value === "policies") return console.policyLabel.value;
        if (subject.value === "orders")
          return desk.selection.value?.kind === "order" ? desk.selection.value.name : null;
        if (subject.value === "stations")
          return prepared.head.stations[focusStation(prepared, desk.selection.value)]?.id ?? null;
        return prepared.head.satellites[focusSatellite(prepared, desk.selection.value, view.value)] ?? null;
      }),
    [],
  );
  const focus = useMemo(
    () =>
      computed(() => {
        const prepared = run.value?.prepared;
        return prepared === undefined ? -1 : focusSatellite(prepared, desk.selection.value, view.value);
      }),
    [],
  );
  const lanes = useMemo(
    () =>
      computed(() => {
        const loaded = run.value;
        if (loaded === null) return [];
        const { prepared, views, shadows } = loaded;
        if (subject.value === "stations") return stationLanes(prepared, view.value);
        if (subject.value === "policies") return policyLanes(prepared, [...views.values()]);
        if (subject.value === "orders") return view.value === null ? [] : orderLanes(prepared, view.value);
        const made = satelliteLanes(prepared, view.value, lanesShown(prepared, focus.value), shadows);
        if (loaded.head.state !== "failed") return made;
        // Every lane of a run that failed ends in a cross.
        const { head } = desk.extent.value;
        return made.map((lane) => ({ ...lane, losses: [...lane.losses, head] }));
      }),
    [],
  );
  const draw = ({ ctx, width, height }: Surface): void => {
    const { from, to } = desk.window.value;
    const prepared = run.value?.prepared;
    if (to <= from || prepared === undefined) return;
    const x = nameWidth(width);
    const scale = { from, to, x, width: width - x - 12 };
    const { rows, contentHeight } = layLanes(lanes.value, selected.value, height - lanesTop, scroll.value);
    const most = Math.max(0, contentHeight - (height - lanesTop));
    if (scroll.value > most) queueMicrotask(() => (scroll.value = most));
    laid.current = { rows, scale };
    const t = desk.t.value;
    drawLanes(ctx, desk.look.palette.value, {
      rows,
      handOvers:
        subject.value === "satellites" && view.value !== null
          ? handOversOf(prepared, view.value, t - prepared.epoch, {
              from: from - prepared.epoch,
              to: to - prepared.epoch,
            })
          : [],
      scale,
      now: t,
      height,
      labelWidth: x,
      hovered: hovered.value?.contact ?? null,
    });
  };
  const rowAt = (y: number): LaneRow | undefined =>
    laid.current?.rows.find((row) => y - lanesTop >= row.y && y - lanesTop < row.y + row.height);
  const barAt = ({ x, y }: PointerSpot): number | null => {
    if (laid.current === null) return null;
    const t = timeAt(laid.current.scale, x);
    return rowAt(y)?.lane.bars.find((bar) => bar.from <= t && bar.to >= t)?.contact ?? null;
  };
  const selectRow = (row: LaneRow, x: number): void => {
    if (subject.value === "policies") {
      desk.policy.value = row.lane.id;
      return;
    }
    if (subject.value === "orders") {
      select(console, { kind: "order", name: row.lane.id });
      return;
    }
    const scale = laid.current?.scale;
    const t = scale === undefined ? 0 : timeAt(scale, x);
    const near = scale === undefined ? 0 : (6 * (scale.to - scale.from)) / scale.width;
    const shot = row.lane.shots.find((each) => Math.abs(each.t - t) < near);
    const kind = subject.value === "stations" ? "station" : "satellite";
    const chosen: Selection =
      shot === undefined
        ? { kind, name: row.lane.id }
        : { kind: "acquisition", acquisition: shot.acquisition };
    select(console, chosen);
  };
  const onDown = ({ x }: PointerSpot): void => {
    pan.current = { x, from: desk.window.peek().from, moved: false };
  };
  const onMove = (spot: PointerSpot): void => {
    const held = pan.current;
    const scale = laid.current?.scale;
    if (held === null || scale === undefined) {
      const contact = barAt(spot);
      hovered.value = contact === null ? null : { contact, x: spot.x, y: spot.y };
      return;
    }
    if (Math.abs(spot.x - held.x) > 4) held.moved = true;
    if (held.moved)
      desk.windowFrom.value = held.from - ((spot.x - held.x) * (scale.to - scale.from)) / scale.width;
  };
  const onUp = (spot: PointerSpot): void => {
    const held = pan.current;
    pan.current = null;
    if (held === null || held.moved) return;
    if (spot.y < lanesTop && laid.current !== null) {
      desk.clock.value = moveTo(desk.clock.value, desk.extent.value, timeAt(laid.current.scale, spot.x));
      return;
    }
    const row = rowAt(spot.y);
    if (row !== undefined) selectRow(row, spot.x);
  };
  const onWheel = (event: Pick<WheelEvent, "deltaX" | "deltaY" | "shiftKey">, x: number): void => {
    const scale = laid.current?.scale;
    if (scale === undefined) return;
    if (x < scale.x || event.shiftKey) {
      scroll.value = Math.max(0, scroll.value + event.deltaY + event.deltaX);
      return;
    }
    const { from, to } = desk.extent.peek();
    const about = timeAt(scale, x);
    const span = Math.max(
      shortest,
      Math.min(to - from, (scale.to - scale.from) * Math.exp(event.deltaY * 0.0015)),
    );
    desk.windowSpan.value = span;
    desk.windowFrom.value = about - ((about - scale.from) / (scale.to - scale.from)) * span;
  };
  return (
    <div class="lanes">
      {subject.value === "fleet" ? (
        <FleetGrid />
      ) : (
        <Sheet
          className="lanes-canvas"
          label={`Lanes of ${subject.value} over the window; arrow keys choose one`}
          draw={draw}
          onDown={onDown}
          onMove={onMove}
          onUp={onUp}
          onCancel={() => (pan.current = null)}
          onLeave={() => (hovered.value = null)}
          onWheel={onWheel}
        />
      )}
      <select
        aria-label="What the lanes are of"
        value={subject.value}
        onChange={(event) => (desk.laneSubject.value = event.currentTarget.value as LaneSubject)}
      >
        {subjects
          .filter((each) => each !== "orders" || (view.value?.orders.length ?? 0) > 0)
          .map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
      </select>
      {hovered.value !== null && <BarTip {...hovered.value} />}
    </div>
  );
};

/** Start, length, highest elevation, capacity and bytes of a contact. */
const BarTip = ({ contact, x, y }: { readonly contact: number; readonly x: number; readonly y: number }) => {
  const { run, view } = useConsole();
  const prepared = run.value?.prepared;
  if (prepared === undefined) return null;
  const { from_s, to_s, satellite, station, max_elevation_deg, capacity_bytes } =
    prepared.plan.contacts.columns;
  const [from, to] = [from_s[contact] ?? 0, to_s[contact] ?? 0];
  const record = view.value?.record;
  const sent =
    record === undefined
      ? 0
      : rowsOf(record.turnsOf, contact).reduce(
          (sum, row) => sum + (record.tables.turns.columns.bytes[row] ?? 0),
          0,
        );
  const flip = x > 600;
  return (
    <div
      class="tip"
      style={{
        top: `${Math.max(0, y - 64)}px`,
        ...(flip ? { right: `calc(100% - ${x - 12}px)` } : { left: `${x + 12}px` }),
      }}
    >
      <b>
        {prepared.shortNames[satellite[contact] ?? -1]} –{" "}
        {prepared.head.stations[station[contact] ?? -1]?.name}
      </b>
      {clockText(prepared.epoch + from)}, {durationText(to - from)}, to{" "}
      {Math.round(max_elevation_deg[contact] ?? 0)}°
      <br />
      could carry {bytesText(capacity_bytes[contact] ?? 0)}, carried {bytesText(sent)}
    </div>
  );
};
