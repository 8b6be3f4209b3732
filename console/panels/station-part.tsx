import { useComputed } from "@preact/signals";
import { bytesText, durationText, percentText, placeText } from "../look/figures.ts";
import { select } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { nextContacts, openContacts } from "../state/plan.ts";
import { rowsOf } from "../state/sorted.ts";
import { contactAt } from "../state/state-at.ts";

/** Whom a station hears, its passes, frames lost and how much its antennas are used. */
export const StationPart = ({ station }: { readonly station: number }) => {
  const console = useConsole();
  const { desk, run, view } = console;
  const facts = useComputed(() => {
    const prepared = run.value?.prepared;
    if (prepared === undefined) return null;
    const { plan, head } = prepared;
    const t = desk.readT.value - prepared.epoch;
    const record = view.value?.record ?? null;
    const { from_s, to_s, satellite } = plan.contacts.columns;
    const rows = rowsOf(plan.contactsAt, station);
    let [used, passes, frames, lost, bytes] = [0, 0, 0, 0, 0];
    for (const row of rows) {
      const from = from_s[row] as number;
      if (from > t) break;
      passes++;
      used += Math.min(t, to_s[row] as number) - from;
      if (record === null) continue;
      const sum = contactAt(plan, record, row, t);
      frames += sum.frames;
      lost += sum.lostFrames;
      bytes += sum.bytes;
    }
    const antennas = head.stations[station]?.antennas ?? 1;
    return {
      prepared,
      t,
      passes,
      all: rows.length,
      frames,
      lost,
      bytes,
      use: t > 0 ? used / (antennas * t) : 0,
      antennas,
      open: openContacts(plan, t).filter((row) => plan.contacts.columns.station[row] === station),
      next: nextContacts(plan, { station }, t, 6),
      satellite,
    };
  });
  if (facts.value === null) return null;
  const { prepared, t, passes, all, frames, lost, bytes, use, antennas, open, next, satellite } = facts.value;
  const { from_s, to_s, max_elevation_deg, capacity_bytes } = prepared.plan.contacts.columns;
  const site = prepared.head.stations[station];
  if (site === undefined) return null;
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
          {open.map((row) => (
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
        <span class="value">{passes}</span>
        <span>of {all} in the plan</span>
        <span>antennas</span>
        <span class="value">{percentText(use)}</span>
        <span>of the time in use so far</span>
        <span>frames</span>
        <span class="value">{frames.toLocaleString("en-GB")}</span>
        <span class={lost > 0 ? "trouble" : ""}>
          {lost > 0 ? `✕ ${lost.toLocaleString("en-GB")} lost` : "none lost"}, {bytesText(bytes)}
        </span>
      </div>
      <table>
        <thead>
          <tr>
            <th>next passes</th>
            <th>in</th>
            <th>for</th>
            <th>highest</th>
            <th>carries</th>
          </tr>
        </thead>
        <tbody>
          {next.map((row) => (
            <tr key={row}>
              <td>{nameOf(row)}</td>
              <td>{durationText((from_s[row] ?? 0) - t)}</td>
              <td>{durationText((to_s[row] ?? 0) - (from_s[row] ?? 0))}</td>
              <td>{Math.round(max_elevation_deg[row] ?? 0)}°</td>
              <td>{bytesText(capacity_bytes[row] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
