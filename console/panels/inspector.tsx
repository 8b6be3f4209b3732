import { focusOrder, focusSatellite, focusStation } from "../reading/selection.ts";
import { sceneName } from "../reading/scene-marks.ts";
import { select, stepOut } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { rowsOf } from "../state/sorted.ts";
import { OrderPart } from "./order-part.tsx";
import { DetectionCard } from "./detection-card.tsx";
import { SceneCard } from "./scene-card.tsx";
import { ProductWayPart } from "./product-way.tsx";
import { SatellitePart } from "./satellite-part.tsx";
import { StationPart } from "./station-part.tsx";

/** `ship 0.898 › hedland › SCS-01-K`: what is selected and what it belongs to, each a step. */
const Chain = () => {
  const console = useConsole();
  const { desk, run, view } = console;
  const selection = desk.selection.value;
  const prepared = run.value?.prepared;
  if (selection === null || prepared === undefined) return null;
  const links: { readonly text: string; readonly go: () => void }[] = [];
  if (selection.kind === "detection" && view.value !== null) {
    const { index, class: kind, score } = view.value.record.tables.detections.columns;
    const row = rowsOf(view.value.detectionsOf, selection.acquisition).find(
      (each) => index[each] === selection.detection,
    );
    if (row !== undefined)
      links.push({
        text: `${prepared.head.classes[kind[row] ?? -1] ?? "detection"} ${(score[row] ?? 0).toFixed(3)}`,
        go: () => select(console, selection),
      });
  }
  if (selection.kind === "acquisition" || selection.kind === "detection") {
    const { acquisition } = selection;
    links.push({
      text: sceneName(prepared, acquisition) || `acquisition ${acquisition}`,
      go: () => select(console, { kind: "acquisition", acquisition }),
    });
  }
  if (selection.kind === "order")
    links.push({ text: `order ${selection.name}`, go: () => select(console, selection) });
  const name =
    selection.kind === "station"
      ? prepared.head.stations[focusStation(prepared, selection)]?.name
      : prepared.head.satellites[focusSatellite(prepared, selection, view.value)];
  if (name !== undefined)
    links.push({
      text: name,
      go: () => select(console, selection.kind === "station" ? selection : { kind: "satellite", name }),
    });
  return (
    <nav class="chain" aria-label="Chain of the selection">
      {links.map(({ text, go }, i) => (
        <>
          {i > 0 && <span aria-hidden="true">›</span>}
          <button type="button" class={i === links.length - 1 ? "here" : ""} onClick={go}>
            {text}
          </button>
        </>
      ))}
      <button type="button" class="back" onClick={() => stepOut(console)}>
        esc
      </button>
    </nav>
  );
};

/** What is selected, and the whole chain that it belongs to. */
export const Inspector = () => {
  const { desk, run, view } = useConsole();
  const selection = desk.selection.value;
  const prepared = run.value?.prepared;
  if (prepared === undefined)
    return (
      <section class="inspector" aria-label="Selection">
        <p class="note">The base map shows day and night of this hour.</p>
      </section>
    );
  if (selection === null)
    return (
      <section class="inspector" aria-label="Selection">
        <p class="note">
          Nothing is selected. Press a satellite, a scene or a station on the map, a lane, or <kbd>/</kbd> to
          find one.
        </p>
      </section>
    );
  const satellite = focusSatellite(prepared, selection, view.value);
  const station = focusStation(prepared, selection);
  const order = focusOrder(view.value, selection);
  const t = desk.readT.value - prepared.epoch;
  return (
    <section class="inspector" aria-label="Selection">
      <Chain />
      {selection.kind === "detection" && <DetectionCard {...selection} />}
      {order !== null && <OrderPart order={order} />}
      {order !== null && order.acquisition !== null && order.times.taken <= t && (
        <ProductWayPart acquisition={order.acquisition} />
      )}
      {selection.kind === "acquisition" && <SceneCard acquisition={selection.acquisition} />}
      {(selection.kind === "detection" || selection.kind === "acquisition") && (
        <ProductWayPart acquisition={selection.acquisition} />
      )}
      {satellite >= 0 && <SatellitePart satellite={satellite} />}
      {station >= 0 && <StationPart station={station} />}
    </section>
  );
};
