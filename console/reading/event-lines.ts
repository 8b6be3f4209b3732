import { bytesText, countText, durationText, siText } from "../look/figures.ts";
import { eventsUpTo, type LogEntry, type LogFilter } from "../state/event-log.ts";
import { rowsOf } from "../state/sorted.ts";
import { clockText } from "../time/time-axis.ts";
import { kindText } from "./kind-text.ts";
import type { PolicyView } from "./policy-view.ts";
import type { Prepared } from "./prepared.ts";
import { nounOf, sceneName } from "./scene-marks.ts";
import type { Selection } from "./selection.ts";

/** One line of the log, in words. `t` in seconds from the start of the horizon. */
export interface EventLine {
  readonly key: string;
  readonly t: number;
  readonly node: string;
  readonly text: string;
  /** On the right: bytes or a count. */
  readonly figure: string;
  readonly sort: "landed" | "product" | "loss" | "contact";
  readonly selection: Selection | null;
}

type Told = Omit<EventLine, "key" | "t">;
type Teller = (row: number, from: { readonly prepared: Prepared; readonly view: PolicyView }) => Told;

const at = (column: ArrayLike<number>, row: number): number => column[row] as number;
const short = ({ shortNames }: Prepared, satellite: number): string => shortNames[satellite] ?? "";
const stationName = ({ head }: Prepared, station: number): string => head.stations[station]?.name ?? "";
const satelliteSelection = ({ head }: Prepared, satellite: number): Selection => ({
  kind: "satellite",
  name: head.satellites[satellite] ?? "",
});
const nameOf = (prepared: Prepared, acquisition: number): string =>
  sceneName(prepared, acquisition) || `acquisition ${acquisition}`;
const kindName = ({ head }: Prepared, { record }: PolicyView, product: number): string =>
  kindText(head, record.tables.products.columns.kind[product] ?? -1);
const acquisitionOf = ({ record }: PolicyView, product: number): number =>
  record.tables.products.columns.acquisition[product] ?? 0;

const pixelsOf = ({ plan }: Prepared, acquisition: number): string => {
  const scene = plan.acquisitions.columns.scene[acquisition] ?? -1;
  const area = (plan.scenes.columns.width_px[scene] ?? NaN) * (plan.scenes.columns.height_px[scene] ?? NaN);
  return Number.isNaN(area) ? "" : `, ${siText(area, "P")}`;
};

const contactTeller =
  (opens: boolean): Teller =>
  (row, { prepared, view }) => {
    const { from_s, to_s, satellite, station } = prepared.plan.contacts.columns;
    const { bytes } = view.record.tables.turns.columns;
    const name = stationName(prepared, at(station, row));
    const carried = rowsOf(view.record.turnsOf, row).reduce((sum, turn) => sum + at(bytes, turn), 0);
    return {
      node: short(prepared, at(satellite, row)),
      text: opens
        ? `contact ${name} opens, ${durationText(at(to_s, row) - at(from_s, row))}`
        : `contact ${name} ends`,
      figure: opens ? "" : bytesText(carried),
      sort: "contact",
      selection: satelliteSelection(prepared, at(satellite, row)),
    };
  };

/** How each kind of entry is told. */
const tellers: Readonly<Record<LogEntry["type"], Teller>> = {
  "contact opens": contactTeller(true),
  "contact ends": contactTeller(false),
  captured: (row, { prepared, view }) => {
    const { acquisition, satellite, tiles, sensor_bytes, failure } = view.record.tables.captures.columns;
    const which = at(acquisition, row);
    const dark = (prepared.plan.acquisitions.columns.sun_elevation_deg[which] ?? 0) < 0 ? ", at night" : "";
    const failed = view.record.texts[at(failure, row)] ?? "";
    const took = `takes ${nameOf(prepared, which)}${pixelsOf(prepared, which)}, ${countText(at(tiles, row), "tile")}${dark}`;
    return {
      node: short(prepared, at(satellite, row)),
      text: failed === "" ? took : `✕ cannot read ${nameOf(prepared, which)}: ${failed}`,
      figure: bytesText(at(sensor_bytes, row)),
      sort: failed === "" ? "product" : "loss",
      selection: { kind: "acquisition", acquisition: which },
    };
  },
  computed: (row, { prepared, view }) => {
    const { acquisition, satellite, detections, products, product_bytes } =
      view.record.tables.computes.columns;
    const which = at(acquisition, row);
    const made = countText(at(products, row), "product");
    return {
      node: short(prepared, at(satellite, row)),
      text:
        view.record.policy.where === "board"
          ? `finds ${countText(at(detections, row), nounOf(prepared, view, which))}; ${made}`
          : `is done with ${nameOf(prepared, which)}; ${made}`,
      figure: bytesText(at(product_bytes, row)),
      sort: "product",
      selection: { kind: "acquisition", acquisition: which },
    };
  },
  "stands still": (row, { prepared, view }) => {
    const { satellite, reason, at_s, to_s } = view.record.tables.waits.columns;
    const why = view.record.texts[at(reason, row)] === "heat" ? "is too hot" : "is short of charge";
    return {
      node: short(prepared, at(satellite, row)),
      text: `! computer stands still for ${durationText(at(to_s, row) - at(at_s, row))}: it ${why}`,
      figure: "",
      sort: "loss",
      selection: satelliteSelection(prepared, at(satellite, row)),
    };
  },
  route: (row, { prepared, view }) => {
    const { product, from, to, handover_s, station } = view.record.tables.routes.columns;
    const when = clockText(prepared.epoch + at(handover_s, row));
    return {
      node: short(prepared, at(from, row)),
      text: `${kindName(prepared, view, at(product, row))} go to ${short(prepared, at(to, row))} at ${when}, down at ${stationName(prepared, at(station, row))}`,
      figure: "",
      sort: "product",
      selection: { kind: "acquisition", acquisition: acquisitionOf(view, at(product, row)) },
    };
  },
  "handed over": (row, { prepared, view }) => {
    const { product, from, to, bytes } = view.record.tables.handovers.columns;
    return {
      node: short(prepared, at(from, row)),
      text: `hands ${kindName(prepared, view, at(product, row))} to ${short(prepared, at(to, row))}`,
      figure: bytesText(at(bytes, row)),
      sort: "product",
      selection: { kind: "acquisition", acquisition: acquisitionOf(view, at(product, row)) },
    };
  },
  sent: (row, { prepared, view }) => {
    const { satellite, station, frames, lost_frames, heard, bytes } = view.record.tables.turns.columns;
    const name = stationName(prepared, at(station, row));
    const lost = at(lost_frames, row);
    return {
      node: short(prepared, at(satellite, row)),
      text:
        at(heard, row) === 0
          ? `✕ ${name} hears nothing of ${countText(at(frames, row), "frame")}`
          : `${name} has ${countText(at(frames, row), "frame")}, ${lost} lost`,
      figure: bytesText(at(bytes, row)),
      sort: lost > 0 || at(heard, row) === 0 ? "loss" : "product",
      selection: satelliteSelection(prepared, at(satellite, row)),
    };
  },
  landed: (row, { prepared, view }) => {
    const { product, satellite, station } = view.record.tables.landings.columns;
    const acquisition = acquisitionOf(view, at(product, row));
    return {
      node: short(prepared, at(satellite, row)),
      text: `${kindName(prepared, view, at(product, row))} of ${nameOf(prepared, acquisition)} whole at ${stationName(prepared, at(station, row))}`,
      figure: bytesText(view.record.tables.products.columns.bytes[at(product, row)] ?? 0),
      sort: "product",
      selection: { kind: "acquisition", acquisition },
    };
  },
  chips: (row, { prepared, view }) => {
    const acquisition = at(view.record.tables.chips.columns.acquisition, row);
    return {
      node: "gnd",
      text: `chips of ${nameOf(prepared, acquisition)}: ${countText(rowsOf(view.chipsOf, acquisition).length, "picture")}`,
      figure: "",
      sort: "product",
      selection: { kind: "acquisition", acquisition },
    };
  },
  published: (row, { prepared, view }) => {
    const { acquisition, detections } = view.record.tables.publications.columns;
    const count = at(detections, row);
    const which = at(acquisition, row);
    return {
      node: "gnd",
      text: `${countText(count, nounOf(prepared, view, which))} of ${nameOf(prepared, which)} published`,
      figure: count.toLocaleString("en-GB"),
      sort: "landed",
      selection: { kind: "acquisition", acquisition: which },
    };
  },
  requested: (row, { prepared, view }) => {
    const { acquisition, tile, satellite, answer } = view.record.tables.requests.columns;
    const said = view.record.texts[at(answer, row)] ?? "";
    return {
      node: short(prepared, at(satellite, row)),
      text: `is asked for tile ${at(tile, row)} of ${nameOf(prepared, at(acquisition, row))}: ${said}`,
      figure: "",
      sort: said === "made" ? "product" : "loss",
      selection: { kind: "acquisition", acquisition: at(acquisition, row) },
    };
  },
  "order given": (row, { prepared }) => {
    const { orders, orderTexts } = prepared.plan;
    const text = (column: ArrayLike<number>): string => orderTexts[at(column, row)] ?? "";
    const [name, kind, tenant, refused] = [
      text(orders.columns.order),
      text(orders.columns.kind),
      text(orders.columns.tenant),
      text(orders.columns.refused),
    ];
    return {
      node: "gnd",
      text:
        refused === ""
          ? `order ${name} is given: ${kind} for ${tenant}`
          : `✕ order ${name || "without an id"} is refused: ${refused}`,
      figure: "",
      sort: refused === "" ? "contact" : "loss",
      selection: { kind: "order", name },
    };
  },
  order: (row, { prepared, view }) => {
    const { satellite, order, state, why } = view.record.tables.order_states.columns;
    const text = (column: ArrayLike<number>): string => view.record.texts[at(column, row)] ?? "";
    const [name, what] = [text(order), text(state)];
    const tellings: Readonly<Record<string, string>> = {
      heard: `has order ${name}`,
      accepted: `accepts order ${name}`,
      refused: `✕ refuses order ${name}: ${text(why)}`,
      done: `is done with order ${name}`,
      told: `the ground knows how order ${name} stands`,
    };
    return {
      node: what === "told" ? "gnd" : short(prepared, at(satellite, row)),
      text: tellings[what] ?? `order ${name}: ${what}`,
      figure: "",
      sort: what === "refused" ? "loss" : "contact",
      selection: { kind: "order", name },
    };
  },
  model: (row, { prepared, view }) => {
    const { satellite, model, why } = view.record.tables.models.columns;
    const text = (column: ArrayLike<number>): string => view.record.texts[at(column, row)] ?? "";
    const isBad = text(why) === "rolled back";
    return {
      node: short(prepared, at(satellite, row)),
      text: `${isBad ? "! " : ""}works with ${text(model)}: ${text(why)}`,
      figure: "",
      sort: isBad ? "loss" : "contact",
      selection: satelliteSelection(prepared, at(satellite, row)),
    };
  },
  lost: (row, { prepared, view }) => {
    const { acquisition, satellite, reason, bytes } = view.record.tables.losses.columns;
    const why = (view.record.texts[at(reason, row)] ?? "").replaceAll("-", " ");
    return {
      node: short(prepared, at(satellite, row)),
      text: `✕ ${why}: ${nameOf(prepared, at(acquisition, row))}`,
      figure: bytesText(at(bytes, row)),
      sort: "loss",
      selection: { kind: "acquisition", acquisition: at(acquisition, row) },
    };
  },
};

/** The newest lines up to `t` (seconds from the start), newest first. */
export const eventLines = (
  prepared: Prepared,
  view: PolicyView,
  t: number,
  filter: LogFilter,
  most: number,
): readonly EventLine[] =>
  eventsUpTo(prepared.plan, view.record, t, most, filter).map(({ at: when, type, row }) => ({
    key: `${type} ${row}`,
    t: when,
    ...tellers[type](row, { prepared, view }),
  }));
