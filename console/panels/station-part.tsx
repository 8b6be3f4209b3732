import { useComputed } from "@preact/signals";
import { bytesText, durationText, percentText, placeText } from "../look/figures.ts";
import { select } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { rowsOf } from "../state/sorted.ts";
import { stationAt } from "../state/station-at.ts";
import { ContactTable } from "./contact-table.tsx";

/** Whom a station hears, its passes, frames lost and how much its antennas are used. */
export const StationPart = ({ station }: { readonly station: number }) => {
  const console = useConsole();
  const { desk, run, view } = console;
  const facts = useComputed(() => {
    const prepared = run.value?.prepared;
    if (prepared === undefined) return null;
    const { plan, head } = prepared;
    const t = desk.readT.value - prepared.epoch;
    return {
      prepared,
      t,
      site: head.stations[station],
      all: rowsOf(plan.contactsAt, station).length,
      state: stationAt(plan, view.value?.record ?? null, station, t, 6),
    };
  });
  if (facts.value === null) return null;
  const { prepared, t, site, all, state } = facts.value;
  if (site === undefined) return null;
  const { contacts: open, frames, lostFrames: lost, bytes } = state;
  const { satellite, to_s } = prepared.plan.contacts.columns;
  const antennas = site.antennas;
  const nameOf = (row: number): string => prepared.head.satellites[satellite[row] ?? -1] ?? "";
  return (
    <div class="part satellite">
      <div class="head">
        <h3>{site.name}</h3>
        <span class="place">
          {placeText(site.longitude_deg, site.latitude_deg, 2)} · {antennas}{" "}
          {antennas === 1 ? "antenna" : "antennas"} · from {site.min_elevation_deg}° up
        </span>
      </div>
      <div class="gauges">
        <span>hears</span>
        <span class="value small">{open.length === 0 ? "nobody" : `${open.length}`}</span>
        <span>
          {open.map(({ contact: row }) => (
            <button
              type="button"
              key={row}
              class="plain"
              onClick={() => select(console, { kind: "satellite", name: nameOf(row) })}
            >
              {nameOf(row)}, for another {durationText((to_s[row] ?? 0) - t)}
            </button>
          ))}
        </span>
        <span>passes</span>
        <span class="value">{state.passes + open.length}</span>
        <span>of {all} in the plan</span>
        <span>antennas</span>
        <span class="value">{percentText(state.antennaUse)}</span>
        <span>of the time in use so far</span>
        <span>frames</span>
        <span class="value">{frames.toLocaleString("en-GB")}</span>
        <span class={lost > 0 ? "trouble" : ""}>
          {lost > 0 ? `✕ ${lost.toLocaleString("en-GB")} lost` : "none lost"}, {bytesText(bytes)}
        </span>
      </div>
      <ContactTable prepared={prepared} title="next passes" rows={state.next} nameOf={nameOf} t={t} />
    </div>
  );
};
