import { useComputed, useSignal } from "@preact/signals";
import { select } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { sceneName } from "../reading/scene-marks.ts";
import type { Selection } from "../reading/selection.ts";
import { Overlay } from "./overlay.tsx";

/** Something that was found. */
interface Hit {
  readonly kind: string;
  readonly name: string;
  readonly selection: Selection;
}

const most = 12;

/** Satellites, stations, scenes and orders by a part of their name. */
export const Find = () => {
  const console = useConsole();
  const { desk, run, view } = console;
  const text = useSignal("");
  const at = useSignal(0);
  const hits = useComputed((): readonly Hit[] => {
    const prepared = run.value?.prepared;
    const wanted = text.value.trim().toLowerCase();
    if (prepared === undefined || wanted === "") return [];
    const { head, plan } = prepared;
    const found: Hit[] = [];
    const offer = (kind: string, name: string, selection: Selection): void => {
      if (found.length < 200 && name.toLowerCase().includes(wanted)) found.push({ kind, name, selection });
    };
    for (const name of head.satellites) offer("satellite", name, { kind: "satellite", name });
    for (const { id, name } of head.stations) offer("station", name, { kind: "station", name: id });
    if (head.shows === "pixels")
      for (let acquisition = 0; acquisition < plan.acquisitions.rows; acquisition++)
        offer("scene", sceneName(prepared, acquisition), { kind: "acquisition", acquisition });
    for (const { id } of view.value?.orders ?? [])
      if (id !== "") offer("order", id, { kind: "order", name: id });
    // Names that begin with it come first.
    const begins = (name: string): boolean => name.toLowerCase().startsWith(wanted);
    return found.toSorted((a, b) => Number(begins(b.name)) - Number(begins(a.name))).slice(0, most);
  });
  const choose = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    select(console, hit.selection);
    desk.sheet.value = null;
  };
  const onKey = (event: KeyboardEvent): void => {
    const last = hits.value.length - 1;
    if (event.key === "ArrowDown") at.value = Math.min(last, at.value + 1);
    else if (event.key === "ArrowUp") at.value = Math.max(0, at.value - 1);
    else if (event.key === "Enter") choose(hits.value[at.value]);
    else return;
    event.preventDefault();
  };
  return (
    <Overlay title="Find">
      <input
        aria-label="Satellite, station, scene or order"
        placeholder="Satellite, station, scene or order"
        value={text.value}
        role="combobox"
        aria-expanded={hits.value.length > 0}
        aria-controls="found"
        aria-activedescendant={hits.value.length > 0 ? `hit${at.value}` : undefined}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          at.value = 0;
        }}
        onKeyDown={onKey}
      />
      <ul class="results" id="found" role="listbox" aria-label="Found">
        {hits.value.map((hit, i) => (
          <li
            key={`${hit.kind} ${hit.name} ${i}`}
            id={`hit${i}`}
            role="option"
            aria-selected={i === at.value}
            onClick={() => choose(hit)}
          >
            <span class="kind">{hit.kind}</span>
            <span>{hit.name}</span>
          </li>
        ))}
      </ul>
      {text.value !== "" && hits.value.length === 0 && <p class="note">Nothing has that in its name.</p>}
    </Overlay>
  );
};
