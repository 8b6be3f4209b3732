import { useComputed } from "@preact/signals";
import { instant } from "../../pipeline/units.ts";
import {
  bytesText,
  celsiusText,
  chargeText,
  countText,
  durationText,
  placeText,
  siText,
} from "../look/figures.ts";
import { placeOf } from "../map/orbit-places.ts";
import { select } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { kindText } from "../reading/kind-text.ts";
import type { Prepared } from "../reading/prepared.ts";
import { sceneName } from "../reading/scene-marks.ts";
import { waitText } from "../reading/wait-text.ts";
import { bodySeries } from "../state/body-record.ts";
import type { PolicyRecord } from "../state/policy-record.ts";
import { modelsAt } from "../state/model-at.ts";
import { satelliteAt, type SatelliteState } from "../state/satellite-at.ts";
import { clockText } from "../time/time-axis.ts";
import { BodyPlot } from "./body-plot.tsx";
import { ContactTable } from "./contact-table.tsx";

const plotSpan = 3 * 3600;

/** What the computer is doing, in words. */
const computerText = (
  prepared: Prepared,
  record: PolicyRecord,
  { computer }: SatelliteState,
): { readonly word: string; readonly note: string } => {
  const { acquisition, work_s, model_tiles } = record.tables.computes.columns;
  const of = (row: number): string => sceneName(prepared, acquisition[row] ?? -1) || "an acquisition";
  const waiting = computer.waiting > 0 ? `; ${countText(computer.waiting, "scene")} wait` : "";
  if (computer.state === "works" && computer.work !== null)
    return {
      word: "works",
      note: `on ${of(computer.work)}, ${durationText(work_s[computer.work] ?? 0)} of work${waiting}`,
    };
  if (computer.state === "stands still")
    return {
      word: "stands still",
      note: `for ${computer.reason?.what === "heat" ? "heat" : "want of charge"}${waiting}`,
    };
  const { last } = computer;
  return {
    word: "idle",
    note:
      last === null
        ? "has not worked yet"
        : `last: ${of(last)}, ${countText(model_tiles[last] ?? 0, "tile")}, ${durationText(work_s[last] ?? 0)}`,
  };
};

const StoreBar = ({ prepared, state }: { readonly prepared: Prepared; readonly state: SatelliteState }) => {
  const { store } = state;
  if (store.bytes === 0) return <span>empty: nothing waits</span>;
  let x = 0;
  return (
    <div>
      <svg class="stack" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        {store.kinds.map(({ kind, bytes }) => {
          const wide = (bytes / store.bytes) * 100;
          const bar = (
            <rect
              key={kind}
              class={`fill-${prepared.head.kinds[kind]?.colour ?? ""}`}
              x={x}
              y="0"
              width={wide}
              height="6"
            />
          );
          x += wide;
          return bar;
        })}
      </svg>
      {store.kinds.map(({ kind, bytes }) => (
        <span key={kind} class="legenditem">
          <i class={`swatch ${prepared.head.kinds[kind]?.colour ?? ""}`} />
          {kindText(prepared.head, kind)} {bytesText(bytes)}{" "}
        </span>
      ))}
    </div>
  );
};

const NextContacts = ({
  prepared,
  state,
  t,
}: {
  readonly prepared: Prepared;
  readonly state: SatelliteState;
  readonly t: number;
}) => {
  const open = state.contact;
  if (state.next.length === 0 && open === null)
    return <p class="note">No contact follows before the end of the run.</p>;
  const rows = [...(open === null ? [] : [open.contact]), ...state.next].slice(0, 3);
  const { station } = prepared.plan.contacts.columns;
  const nameOf = (row: number): string => prepared.head.stations[station[row] ?? -1]?.name ?? "";
  return <ContactTable prepared={prepared} title="next contacts" rows={rows} nameOf={nameOf} t={t} />;
};

const recentShown = 4;

/** What it made last, and what became of it. */
const RecentProducts = ({
  prepared,
  record,
  state,
}: {
  readonly prepared: Prepared;
  readonly record: PolicyRecord;
  readonly state: SatelliteState;
}) => {
  const console = useConsole();
  const { at_s, kind, bytes, acquisition } = record.tables.products.columns;
  if (state.recent.length === 0) return <p class="note">It has made no product yet.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th>recent products</th>
          <th>ready</th>
          <th>size</th>
          <th>landed</th>
        </tr>
      </thead>
      <tbody>
        {state.recent.slice(0, recentShown).map(({ product, landedAt }) => {
          const taken = acquisition[product] ?? -1;
          const head = prepared.head.kinds[kind[product] ?? -1];
          return (
            <tr key={product}>
              <td>
                <button
                  type="button"
                  class="plain"
                  title={head?.name ?? ""}
                  onClick={() => select(console, { kind: "acquisition", acquisition: taken })}
                >
                  <i class={`swatch ${head?.colour ?? ""}`} />{" "}
                  {sceneName(prepared, taken) || (head?.name ?? "")}
                </button>
              </td>
              <td>{clockText(prepared.epoch + (at_s[product] ?? 0)).slice(0, 5)}</td>
              <td>{bytesText(bytes[product] ?? 0)}</td>
              <td>
                {landedAt !== null
                  ? clockText(prepared.epoch + landedAt).slice(0, 5)
                  : state.queue.some((each) => each.product === product)
                    ? "waits here"
                    : "–"}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};

/** Charge, temperature, computer, store, queue, recent products and next contacts of one satellite. */
export const SatellitePart = ({ satellite }: { readonly satellite: number }) => {
  const console = useConsole();
  const { desk, run, view } = console;
  const facts = useComputed(() => {
    const prepared = run.value?.prepared;
    if (prepared === undefined) return null;
    const t = desk.readT.value - prepared.epoch;
    const orbit = prepared.plan.orbits[satellite];
    const record = view.value?.record ?? null;
    return {
      prepared,
      t,
      place: orbit === undefined ? null : placeOf(orbit, instant(desk.readT.value)),
      record,
      models: record === null ? [] : modelsAt(record, satellite, t),
      state: record === null ? null : satelliteAt(prepared.plan, record, satellite, t),
      series:
        record === null
          ? []
          : bodySeries(prepared.plan, record.body, satellite, Math.max(0, t - plotSpan), t),
    };
  });
  if (facts.value === null) return null;
  const { prepared, t, place, record, state, series, models } = facts.value;
  const { spacecraft } = prepared.head;
  const name = prepared.head.satellites[satellite] ?? "";
  const shadows = (run.value?.shadows(satellite) ?? []).map(([from, to]): readonly [number, number] => [
    from - prepared.epoch,
    to - prepared.epoch,
  ]);
  const span = { from: Math.max(0, t - plotSpan), to: Math.max(0, t - plotSpan) + plotSpan };
  const work = record === null || state === null ? null : computerText(prepared, record, state);
  const [oldest] = state?.queue ?? [];
  return (
    <div class="part satellite">
      <div class="head">
        <h3>{name}</h3>
        <span class="place">
          {place === null
            ? "no orbit any more"
            : `${siText(place.height, "m")} · ${placeText(place.lonLat[0], place.lonLat[1], 1)} · ${place.sunlit ? "in sunlight" : "in shadow"}`}
        </span>
      </div>
      {record === null || state === null || work === null ? (
        <p class="note">This policy is not flown yet: plan and tracks are what is known.</p>
      ) : (
        <>
          <div class="gauges">
            <span>
              charge
              <br />
              last 3 h
            </span>
            <span class="value">
              {state.body.charge === null ? "–" : chargeText(state.body.charge)} <small>%</small>
            </span>
            <BodyPlot
              values={series.map((each) => ({ t: each.t, value: each.charge }))}
              span={span}
              shadows={shadows}
              low={Math.min((spacecraft.battery?.floor ?? 0.5) - 0.15, 0.5)}
              high={1.02}
              limit={spacecraft.battery?.floor ?? null}
              limitText={
                spacecraft.battery === null
                  ? "taken for granted"
                  : `floor ${chargeText(spacecraft.battery.floor)} %`
              }
              name="charge"
            />
            <span>
              temperature
              <br />
              last 3 h
            </span>
            <span class="value">
              {state.body.kelvin === null ? "–" : celsiusText(state.body.kelvin)} <small>°C</small>
            </span>
            <BodyPlot
              values={series.map((each) => ({ t: each.t, value: each.kelvin }))}
              span={span}
              shadows={shadows}
              low={Math.min(283, ...series.flatMap(({ kelvin }) => (kelvin === null ? [] : [kelvin - 3])))}
              high={(spacecraft.heat?.slows_from_k ?? 313) + 8}
              limit={spacecraft.heat?.slows_from_k ?? null}
              limitText={
                spacecraft.heat === null
                  ? "taken for granted"
                  : `slows from ${celsiusText(spacecraft.heat.slows_from_k).replace(/\.0$/, "")} °C`
              }
              name="temperature"
            />
            <span>computer</span>
            <span class="value small">{work.word}</span>
            <span>{work.note}</span>
            <span>
              store
              <br />
              of {bytesText(spacecraft.store_bytes)}
            </span>
            <span class="value">{bytesText(state.store.bytes)}</span>
            <StoreBar prepared={prepared} state={state} />
            {models[0] !== undefined && (
              <>
                <span>model</span>
                <span class="value small">{models[0].why}</span>
                <span title={models[0].digest}>
                  {models[0].model}, since {clockText(prepared.epoch + models[0].since).slice(0, 5)}
                  {models[1] === undefined ? "" : `; before it ${models[1].model}`}
                </span>
              </>
            )}
            <span>queue</span>
            <span class="value">{state.store.products}</span>
            <span>
              {oldest === undefined ? (
                "nothing waits"
              ) : (
                <button
                  type="button"
                  class="plain"
                  onClick={() => select(console, { kind: "acquisition", acquisition: oldest.acquisition })}
                >
                  {waitText(prepared, oldest.wait, t)}
                </button>
              )}
            </span>
          </div>
          <RecentProducts prepared={prepared} record={record} state={state} />
          <NextContacts prepared={prepared} state={state} t={t} />
        </>
      )}
    </div>
  );
};
