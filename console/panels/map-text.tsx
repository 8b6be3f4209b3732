import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { placeText } from "../look/figures.ts";
import type { MapPicture } from "../map/picture.ts";
import { useConsole } from "../page/console-context.ts";

/** At most so many of a kind are read out: nobody listens to 2,800. */
const most = 100;

/** The map in words, with the same state: for those who do not see it. It follows twice a second at most. */
export const MapText = ({ picture }: { readonly picture: ReadonlySignal<MapPicture> }) => {
  const { desk } = useConsole();
  const shown = useSignal(picture.peek());
  useEffect(() => {
    let timer = 0;
    const stop = picture.subscribe((next) => {
      if (timer !== 0) return;
      timer = window.setTimeout(() => {
        timer = 0;
        shown.value = picture.peek();
      }, 500);
      if (shown.peek().satellites.length === 0) shown.value = next;
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
  const { satellites, stations, scenes, links, orders } = shown.value;
  return (
    <div class="away">
      <h2>The map in words</h2>
      <h3>Satellites</h3>
      <ul>
        {satellites.slice(0, most).map(({ id, place, selected }) => (
          <li key={id}>
            <button
              type="button"
              tabIndex={-1}
              onClick={() => (desk.selection.value = { kind: "satellite", name: id })}
            >
              {id}: over {placeText(place.lonLat[0], place.lonLat[1], 1)},{" "}
              {place.sunlit ? "in sunlight" : "in shadow"}
              {selected ? ", selected" : ""}
            </button>
          </li>
        ))}
      </ul>
      <h3>Contacts</h3>
      <p>
        {links.filter(({ crosslink }) => !crosslink).length} open, with{" "}
        {stations
          .filter(({ inContact }) => inContact)
          .slice(0, most)
          .map(({ label }) => label)
          .join(", ") || "no station"}
        .
      </p>
      <h3>Scenes</h3>
      <ul>
        {scenes.slice(0, most).map(({ id, label, stage, atNight }) => (
          <li key={id}>
            {label || `scene ${id}`}:{" "}
            {stage === "landed" ? "landed" : stage === "on-board" ? "on board" : "ahead"}
            {atNight ? ", taken at night" : ""}
          </li>
        ))}
      </ul>
      {orders.length > 0 && (
        <>
          <h3>Orders</h3>
          <ul>
            {orders.slice(0, most).map(({ id, stage, lonLat }) => (
              <li key={id}>
                {id}: {stage}, at {placeText(lonLat[0], lonLat[1], 1)}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
};
