import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { instant, type Instant } from "../../pipeline/units.ts";
import type { LonLat, Turn } from "../map/view.ts";
import { advance, type Clock, type Extent } from "../time/clock.ts";
import { windowAround } from "../time/time-axis.ts";
import type { Selection } from "../reading/selection.ts";
import { formatAddress, parseAddress, type Address } from "./address.ts";
import { newLook, type Look } from "./theme.ts";

/** What is open over the page. */
export type Sheet = "runs" | "find" | "keys" | "subscribe" | "login" | null;

/** How the connection to the server stands. */
export type Connection =
  | { readonly state: "open" }
  | { readonly state: "lost"; readonly retryAt: number }
  | { readonly state: "logged-out" };

/** What lanes show. */
export type LaneSubject = "satellites" | "stations" | "policies" | "orders" | "fleet";

/** Tabs of the phone. */
export type Tab = "landed" | "satellite" | "policies" | "events";

/**
 * What the page is set to, as signals: one clock, one selection. All that is drawn follows from these and from the record of
 * the run; nothing is kept anywhere else.
 */
export interface Desk {
  readonly look: Look;
  readonly run: Signal<string | null>;
  readonly beside: Signal<string | null>;
  /** By its label. */
  readonly policy: Signal<string | null>;
  readonly extent: Signal<Extent>;
  readonly clock: Signal<Clock>;
  /** Mission time, for pictures: every frame. */
  readonly t: ReadonlySignal<Instant>;
  /** The same, for what is read: at most eight times a second. */
  readonly readT: ReadonlySignal<Instant>;
  /** Seconds; `null`: the whole run. */
  readonly windowSpan: Signal<number | null>;
  /** While the run is scrubbed the window stands still. */
  readonly windowFrom: Signal<number | null>;
  readonly window: ReadonlySignal<{ readonly from: Instant; readonly to: Instant }>;
  readonly selection: Signal<Selection | null>;
  /** The acquisition of which the dataset's pixels are shown around a detection: only where somebody asked. */
  readonly around: Signal<number | null>;
  readonly projection: Signal<"map" | "globe">;
  readonly turn: Signal<Turn>;
  readonly area: Signal<readonly LonLat[] | null>;
  readonly drawing: Signal<boolean>;
  readonly sheet: Signal<Sheet>;
  readonly laneSubject: Signal<LaneSubject | null>;
  readonly tab: Signal<Tab>;
  readonly connection: Signal<Connection>;
  /** Said to screen readers. */
  readonly said: Signal<string>;
}

const readEvery = 125;

/** The page set as its address says. Positions in time wait for the run: `arrive` sets the clock once it is known. */
export const newDesk = (address: Address): Desk => {
  const zero = instant(0);
  const extent = signal<Extent>({ from: zero, to: zero, head: zero });
  const clock = signal<Clock>({ t: zero, playing: false, speed: address.speed, live: false });
  const windowSpan = signal(address.window);
  const windowFrom = signal<number | null>(null);
  const t = computed(() => clock.value.t);
  return {
    look: newLook(),
    run: signal(address.run),
    beside: signal(address.beside),
    policy: signal(address.policy),
    extent,
    clock,
    t,
    // Texts and tables need not change sixty times a second, and are costly to lay out.
    readT: slowed(t, readEvery),
    windowSpan,
    windowFrom,
    window: computed(() => {
      const { from, to } = extent.value;
      const span = Math.max(1, Math.min(windowSpan.value ?? to - from, to - from));
      const held = windowFrom.value;
      if (held === null) return windowAround(t.value, span, from, to);
      const start = Math.max(from, Math.min(to - span, held));
      return { from: instant(start), to: instant(start + span) };
    }),
    selection: signal(address.selection),
    around: signal<number | null>(null),
    projection: signal(address.projection),
    turn: signal({ centre: address.centre, zoom: address.zoom }),
    area: signal(address.area),
    drawing: signal(false),
    sheet: signal<Sheet>(null),
    laneSubject: signal<LaneSubject | null>(null),
    tab: signal<Tab>("landed"),
    connection: signal<Connection>({ state: "open" }),
    said: signal(""),
  };
};

/** A moment that follows another, but not more often than once in this many ms; the last one always arrives. */
export const slowed = (t: ReadonlySignal<Instant>, every: number): ReadonlySignal<Instant> => {
  const shown = signal(t.peek());
  let last = 0;
  let timer = 0;
  const take = (now: Instant): void => {
    last = performance.now();
    shown.value = now;
  };
  effect(() => {
    const now = t.value;
    const wait = every - (performance.now() - last);
    clearTimeout(timer);
    if (wait <= 0) take(now);
    else timer = window.setTimeout(() => take(now), wait);
  });
  return shown;
};

/** Moves the clock with the wall, frame by frame, while it plays. */
export const runClock = (desk: Desk): void => {
  let before: number | null = null;
  const step = (now: number): void => {
    const { playing, live } = desk.clock.peek();
    const wall = before === null ? 0 : Math.min(0.25, (now - before) / 1000);
    before = playing || live ? now : null;
    // Without a connection the head does not move, and a clock that runs on would show what is not known.
    if (before === null) return;
    if (desk.connection.peek().state !== "lost") {
      const next = advance(desk.clock.peek(), desk.extent.peek(), wall);
      batch(() => {
        desk.clock.value = next;
        if (next.playing) desk.windowFrom.value = null;
      });
    }
    requestAnimationFrame(step);
  };
  effect(() => {
    const { playing, live } = desk.clock.value;
    if ((playing || live) && before === null) requestAnimationFrame(step);
  });
};

/** The address of what the page shows. */
export const addressOf = (desk: Desk): Address => ({
  run: desk.run.value,
  beside: desk.beside.value,
  policy: desk.policy.value,
  t: desk.clock.value.live ? null : desk.readT.value,
  speed: desk.clock.value.speed,
  window: desk.windowSpan.value,
  selection: desk.selection.value,
  projection: desk.projection.value,
  centre: desk.turn.value.centre,
  zoom: desk.turn.value.zoom,
  area: desk.area.value,
});

/** Keeps the address bar at what the page shows: at most once in half a second, since browsers refuse more. */
export const keepAddress = (desk: Desk): void => {
  let timer = 0;
  effect(() => {
    const address = addressOf(desk);
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (address.run !== null)
        history.replaceState(null, "", `${location.pathname}${formatAddress(address)}`);
    }, 500);
  });
};

/** The address that the page was opened with. */
export const openedAddress = (): Address => parseAddress(location.search);
