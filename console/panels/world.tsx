import { computed, useSignal, type ReadonlySignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { instant } from "../../pipeline/units.ts";
import { countText } from "../look/figures.ts";
import { drawBase } from "../map/base-map.ts";
import { drawHearing } from "../map/draw-hearing.ts";
import { drawMap } from "../map/draw-map.ts";
import type { Spots } from "../map/labels.ts";
import { pickAt, pickInFleet } from "../map/pick.ts";
import type { MapPicture } from "../map/picture.ts";
import { globeView, mapView, placeAt, type Box, type LonLat, type View } from "../map/view.ts";
import { useConsole } from "../page/console-context.ts";
import { slowed } from "../page/desk.ts";
import { Sheet, type PointerSpot, type Surface } from "../page/sheet.tsx";
import { cellAt } from "../reading/landed-cells.ts";
import type { RunView } from "../page/run-session.ts";
import { silentNodes } from "../state/silent-nodes.ts";
import { boxBetween } from "../map/box-between.ts";
import { emptyPicture, newPictureMaker } from "../reading/map-picture.ts";
import type { Selection } from "../reading/selection.ts";
import { AreaBar } from "./area-bar.tsx";
import { Lens, lensCentre, lensDegrees } from "./lens.tsx";
import { MapFacts, MapLegend, MapTints } from "./map-facts.tsx";
import { MapNotice } from "./map-notice.tsx";
import { MapText } from "./map-text.tsx";

/** Cells of landed detections follow three times a second: thousands of hexagons take longer than a frame. */
const cellsEvery = 330;

/** The picture of this moment, made at most once a change; map, lens and text twin all show this one. */
export const usePicture = (): ReadonlySignal<MapPicture> => {
  const { desk, run, view, kept } = useConsole();
  return useMemo(() => {
    const maker = computed(() => {
      const prepared = run.value?.prepared;
      return prepared === undefined ? null : newPictureMaker(prepared);
    });
    const cellsT = slowed(desk.readT, cellsEvery);
    return computed(() => {
      const make = maker.value;
      const wish = {
        t: desk.t.value,
        selection: desk.selection.value,
        areas: kept.areas.value,
        area: desk.area.value,
        cellsT: cellsT.value,
        silent: silentIds(run.value, desk.t.value),
      };
      if (make !== null) {
        const made = make(view.value, wish);
        const target = lensCentre(made);
        return target === null ? made : { ...made, lens: { centre: target.at, degrees: lensDegrees } };
      }
      return { ...emptyPicture(instant(Date.now() / 1000)), area: desk.area.value };
    });
  }, []);
};

/** Names of the nodes of which nothing is known at `t`. */
const silentIds = (run: RunView | null, t: number): ReadonlySet<string> =>
  new Set(
    run === null
      ? []
      : silentNodes(run.head).flatMap(({ id, from }) => (run.prepared.epoch + from <= t ? [id] : [])),
  );

const clampZoom = (zoom: number): number => Math.max(1, Math.min(40, zoom));

/** Where the pointer went down and what it does from there. */
interface Drag {
  readonly x: number;
  readonly y: number;
  readonly centre: LonLat;
  readonly from: LonLat | null;
  moved: boolean;
}

/** The world: map or globe, the lens on it, what its corners say, and its twin in words. */
export const World = () => {
  const { desk, land, run } = useConsole();
  const picture = usePicture();
  const spots = useRef<Spots>(new Map());
  const drag = useRef<Drag | null>(null);
  const size = useSignal<Box>({ x: 0, y: 0, width: 0, height: 0 });
  const hovered = useSignal<{ readonly x: number; readonly y: number; readonly text: string } | null>(null);
  const view = useMemo(
    () =>
      computed((): View => {
        const make = desk.projection.value === "globe" ? globeView : mapView;
        return make(size.value, desk.turn.value);
      }),
    [],
  );
  const measure = ({ width, height }: Surface): void => {
    const now = size.peek();
    if (now.width !== width || now.height !== height)
      queueMicrotask(() => (size.value = { x: 0, y: 0, width, height }));
  };
  const drawGround = (surface: Surface): void => {
    measure(surface);
    const palette = desk.look.palette.value;
    const moving = desk.projection.value === "globe" && drag.current !== null;
    const ground = moving ? land.coarse.value : (land.fine.value ?? land.coarse.value);
    if (size.value.width === 0) return;
    drawBase(surface.ctx, palette, view.value, ground);
    drawHearing(surface.ctx, palette, view.value, run.value?.prepared.hearing ?? []);
  };
  const clear = (): readonly Box[] => {
    const { width, height } = size.value;
    const lensSide =
      run.value !== null && desk.beside.value === null && desk.projection.value === "map" && width > 700
        ? 246
        : 0;
    return [
      { x: 0, y: 0, width: 230, height: 126 },
      { x: width - 150, y: 0, width: 150, height: 80 },
      { x: 0, y: height - lensSide, width: lensSide, height: lensSide },
    ];
  };
  const drawMoment = ({ ctx }: Surface): void => {
    if (size.value.width === 0) return;
    const sheet = { ctx, palette: desk.look.palette.value, view: view.value };
    drawMap(sheet, picture.value, spots.current, size.value.width > 700 ? clear() : []);
  };

  const select = ({ x, y }: PointerSpot): void => {
    const shown = picture.peek();
    const picked = pickAt(view.peek(), shown, x, y);
    if (picked !== null) {
      const chosen: Selection =
        picked.kind === "scene"
          ? { kind: "acquisition", acquisition: Number(picked.id) }
          : { kind: picked.kind, name: picked.id };
      desk.selection.value = chosen;
      return;
    }
    const row = pickInFleet(view.peek(), shown, x, y);
    const name = run.peek()?.head.satellites[row];
    if (name !== undefined) desk.selection.value = { kind: "satellite", name };
  };
  const onDown = (spot: PointerSpot): void => {
    const from = desk.drawing.value ? placeAt(view.peek(), spot.x, spot.y) : null;
    drag.current = { x: spot.x, y: spot.y, centre: desk.turn.value.centre, from, moved: false };
  };
  const onMove = (spot: PointerSpot): void => {
    const held = drag.current;
    if (held === null) {
      hover(spot);
      return;
    }
    const [dx, dy] = [spot.x - held.x, spot.y - held.y];
    if (Math.hypot(dx, dy) > 4) held.moved = true;
    if (!held.moved) return;
    if (desk.drawing.value) {
      const to = placeAt(view.peek(), spot.x, spot.y);
      if (held.from !== null && to !== null) desk.area.value = boxBetween(held.from, to);
      return;
    }
    const perPixel = 57.3 / view.peek().projection.scale();
    const lon = ((((held.centre[0] - dx * perPixel + 180) % 360) + 360) % 360) - 180;
    const lat = Math.max(-90, Math.min(90, held.centre[1] + dy * perPixel));
    const flat = desk.projection.value === "map" && desk.turn.value.zoom <= 1;
    desk.turn.value = { ...desk.turn.value, centre: [lon, flat ? held.centre[1] : lat] };
  };
  const onUp = (spot: PointerSpot): void => {
    const held = drag.current;
    drag.current = null;
    if (held === null) return;
    if (desk.drawing.value && held.moved) desk.drawing.value = false;
    else if (!held.moved) select(spot);
    // The ground was drawn coarse while it turned.
    desk.turn.value = { ...desk.turn.value };
  };
  const hover = ({ x, y }: PointerSpot): void => {
    const picked = pickAt(view.peek(), picture.peek(), x, y);
    const row = picked === null ? pickInFleet(view.peek(), picture.peek(), x, y) : -1;
    const text =
      picked?.kind === "scene"
        ? sceneText(picked.id)
        : (picked?.id ?? run.peek()?.head.satellites[row] ?? cellText(placeAt(view.peek(), x, y)));
    hovered.value = text === undefined ? null : { x, y, text };
  };
  const sceneText = (id: string): string =>
    picture.peek().scenes.find((scene) => scene.id === id)?.label || "scene ahead";
  const cellText = (place: LonLat | null): string | undefined => {
    const { cells } = picture.peek();
    if (place === null || cells.length === 0) return undefined;
    const under = cellAt(place);
    const cell = cells.find(({ id }) => id === under);
    return cell === undefined ? undefined : `${countText(Math.round(cell.count), "detection")} landed here`;
  };
  const onWheel = (event: Pick<WheelEvent, "deltaY">, x: number, y: number): void => {
    const turn = desk.turn.peek();
    const zoom = clampZoom(turn.zoom * Math.exp(-event.deltaY * 0.0015));
    const under = placeAt(view.peek(), x, y);
    const part = zoom > turn.zoom && under !== null ? 0.12 : 0;
    const centre: LonLat =
      under === null || part === 0
        ? turn.centre
        : [
            turn.centre[0] + (under[0] - turn.centre[0]) * part,
            turn.centre[1] + (under[1] - turn.centre[1]) * part,
          ];
    desk.turn.value = {
      zoom,
      centre: zoom === 1 && desk.projection.peek() === "map" ? [turn.centre[0], 0] : centre,
    };
  };

  return (
    <section class={`world${desk.drawing.value ? " drawing" : ""}`} aria-label="Map">
      <div class="sheet">
        <Sheet className="base" draw={drawGround} />
        <Sheet
          className="marks"
          label="World map of the run; the same in words follows"
          draw={drawMoment}
          onDown={onDown}
          onMove={onMove}
          onUp={onUp}
          onCancel={() => (drag.current = null)}
          onLeave={() => (hovered.value = null)}
          onWheel={onWheel}
        />
        {desk.beside.value !== null && <span class="whose">{run.value?.head.run}</span>}
        <MapFacts picture={picture} />
        <MapTints />
        <Lens picture={picture} />
        {hovered.value !== null && (
          <div class="tip" style={{ left: `${hovered.value.x + 14}px`, top: `${hovered.value.y + 10}px` }}>
            <b>{hovered.value.text}</b>
          </div>
        )}
        <MapNotice />
        <AreaBar />
      </div>
      <MapLegend hasOrders={(run.value?.prepared.plan.orders.rows ?? 0) > 0} />
      <MapText picture={picture} />
    </section>
  );
};
