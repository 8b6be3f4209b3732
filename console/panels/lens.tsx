import { computed, useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { drawBase } from "../map/base-map.ts";
import { drawMap } from "../map/draw-map.ts";
import type { Spots } from "../map/labels.ts";
import type { MapPicture } from "../map/picture.ts";
import { lensView, type LonLat } from "../map/view.ts";
import { useConsole } from "../page/console-context.ts";
import { Sheet, type Surface } from "../page/sheet.tsx";

/** How much of the world the lens shows, in degrees. */
export const lensDegrees = 25;

/** What the lens looks at: the selected satellite, else the fresh or selected scene, station. */
export const lensCentre = (picture: MapPicture): { readonly at: LonLat; readonly name: string } | null => {
  const satellite = picture.satellites.find(({ selected }) => selected);
  if (satellite !== undefined) return { at: satellite.place.lonLat, name: satellite.label };
  const scene = picture.scenes.find(({ selected }) => selected);
  if (scene !== undefined) return { at: scene.lonLat, name: scene.label };
  const station = picture.stations.find(({ selected }) => selected);
  return station === undefined ? null : { at: station.lonLat, name: station.label };
};

/** 25° around the selection: a world map alone cannot show who hands what to whom. */
export const Lens = ({ picture }: { readonly picture: ReadonlySignal<MapPicture> }) => {
  const { desk, land } = useConsole();
  const spots = useRef<Spots>(new Map());
  const still = useSignal(true);
  const centre = useMemo(() => computed(() => lensCentre(picture.value)), []);
  // While it moves the coast is coarse: the fine one takes longer than a frame.
  useEffect(() => {
    let timer = 0;
    const stop = centre.subscribe(() => {
      still.value = false;
      clearTimeout(timer);
      timer = window.setTimeout(() => (still.value = true), 180);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
  const draw = ({ ctx, width, height }: Surface): void => {
    const target = centre.value;
    if (target === null) return;
    const view = lensView({ x: 0, y: 0, width, height }, target.at, lensDegrees);
    const palette = desk.look.palette.value;
    drawBase(ctx, palette, view, still.value ? (land.fine.value ?? land.coarse.value) : land.coarse.value);
    drawMap({ ctx, palette, view }, picture.value, spots.current, [
      { x: 0, y: height - 24, width: 150, height: 24 },
    ]);
  };
  const shown = useMemo(
    () => computed(() => (desk.projection.value === "map" ? (centre.value?.name ?? null) : null)),
    [],
  );
  const side = useMemo(() => (window.innerWidth < 1360 ? 180 : 236), []);
  if (shown.value === null) return null;
  return (
    <div class="lens" style={{ width: `${side}px`, height: `${side}px` }}>
      <Sheet className="marks" draw={draw} />
      <span class="caption">around {shown.value} · 5° grid</span>
    </div>
  );
};
