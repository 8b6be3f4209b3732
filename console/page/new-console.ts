import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { instant, type Instant } from "../../pipeline/units.ts";
import type { Topology } from "topojson-specification";
import { detectionFacts } from "../reading/detection-facts.ts";
import { countUpTo } from "../state/sorted.ts";
import { landOf, type Land } from "../map/base-map.ts";
import { placeOfSelection } from "../reading/selection.ts";
import { centreOn } from "./actions.ts";
import type { Address } from "./address.ts";
import { askJson, mayRead, readingWantsLogin } from "./ask.ts";
import type { Console } from "./console-context.ts";
import { newDesk } from "./desk.ts";
import { followRun } from "./live-feed.ts";
import { newRunCatalogue, usualRun } from "./run-catalogue.ts";
import { newKeptAreas } from "./subscriptions.ts";
import { stateAt } from "../state/state-at.ts";
import { RunSession, yardstickOf, type RunView } from "./run-session.ts";

/** What holds just at the end of what is settled may still be told: the head stands so much before it; s. */
const unsettled = 0.001;

/** Everything of a run that can be known by now is known up to here; an instant. */
export const headOf = ({ head }: RunView): Instant => {
  const { epoch_s: from, length_s } = head.horizon;
  if (head.state === "finished") return instant(from + length_s);
  const through = head.policies.map(({ through_s }) => through_s);
  const atWork = head.policies.find(({ state }) => state === "at work");
  // Policies are flown one after another over the same horizon: the head is that of the one at work, or where the last one ended.
  const known = atWork?.through_s ?? Math.max(0, ...through);
  return instant(from + (known >= length_s ? length_s : Math.max(0, known - unsettled)));
};

const runOf = (session: RunSession): ReadonlySignal<RunView | null> =>
  computed(() => (session.state.value.state === "loaded" ? session.state.value.view : null));

/** The policy to show of a run: the one asked for, else the one at work, else the last that was flown. */
const policyOf = (view: RunView | null, wanted: string | null): string | null => {
  if (view === null) return null;
  const { policies } = view.head;
  if (policies.some(({ label }) => label === wanted)) return wanted;
  const atWork = policies.find(({ state }) => state === "at work");
  const chips = policies.find(({ label, events }) => label === "chips" && events.length > 0);
  return (
    (atWork ?? chips ?? policies.findLast(({ events }) => events.length > 0) ?? policies[0])?.label ?? null
  );
};

const viewOf = (run: ReadonlySignal<RunView | null>, label: ReadonlySignal<string | null>) =>
  computed(() => run.value?.views.get(label.value ?? "") ?? null);

const momentOf = (
  run: ReadonlySignal<RunView | null>,
  view: Console["view"],
  readT: ReadonlySignal<Instant>,
): Console["state"] =>
  computed(() => {
    const prepared = run.value?.prepared;
    if (prepared === undefined || view.value === null || run.value === null) return null;
    return stateAt(prepared.plan, view.value.record, yardstickOf(run.value), readT.value - prepared.epoch);
  });

/** Makes the console of an address: settings, sessions and what follows from both. Nothing is asked of the server yet. */
export const newConsole = (address: Address): Console => {
  const desk = newDesk(address);
  const session = new RunSession();
  const beside = new RunSession();
  const run = runOf(session);
  const policyLabel = computed(() => policyOf(run.value, desk.policy.value));
  const view = viewOf(run, policyLabel);
  return {
    desk,
    session,
    beside,
    catalogue: newRunCatalogue(),
    kept: newKeptAreas(),
    run,
    policyLabel,
    view,
    state: momentOf(run, view, desk.readT),
    land: { coarse: signal<Land | null>(null), fine: signal<Land | null>(null) },
  };
};

/** The same desk over the run that stands beside: at the same time since the start, with a selection and policy of its own. */
export const consoleBeside = (own: Console): Console => {
  const { desk, beside } = own;
  const run = runOf(beside);
  const shift = computed(() => (run.value?.prepared.epoch ?? 0) - (own.run.value?.prepared.epoch ?? 0));
  const policy = signal<string | null>(null);
  const policyLabel = computed(() => policyOf(run.value, policy.value ?? own.policyLabel.value));
  const shifted = (t: ReadonlySignal<Instant>) => computed(() => instant(t.value + shift.value));
  const view = viewOf(run, policyLabel);
  const readT = shifted(desk.readT);
  return {
    ...own,
    desk: { ...desk, policy, t: shifted(desk.t), readT, selection: signal(null) },
    session: beside,
    run,
    policyLabel,
    view,
    state: momentOf(run, view, readT),
  };
};

/** Sets the clock when a run arrives, and moves the head as it does. */
const keepExtent = ({ desk, run }: Console, address: Address): void => {
  let arrived: string | null = null;
  let wanted: Instant | null | undefined = address.t;
  effect(() => {
    const view = run.value;
    if (view === null) return;
    const { epoch_s, length_s } = view.head.horizon;
    const head = headOf(view);
    const from = instant(epoch_s);
    const to = instant(epoch_s + length_s);
    batch(() => {
      desk.extent.value = { from, to, head };
      const clock = desk.clock.peek();
      if (arrived !== view.head.run) {
        const atWork = view.head.state === "at work";
        const t = wanted ?? head;
        desk.clock.value = {
          ...clock,
          t: instant(Math.max(from, Math.min(head, t))),
          live: atWork && (wanted ?? null) === null,
          playing: atWork && (wanted ?? null) === null,
        };
        arrived = view.head.run;
        wanted = undefined;
      } else if (clock.live) desk.clock.value = { ...clock, t: head, live: head < to, playing: head < to };
    });
  });
};

/** Loads runs as they are chosen, and follows the one at work. */
const keepSessions = ({ desk, session, beside, run }: Console, address: Address): void => {
  effect(() => {
    const id = desk.run.value;
    if (id !== null) void session.open(id, desk.policy.peek() ?? address.policy);
  });
  effect(() => {
    const id = desk.beside.value;
    if (id === null) beside.close();
    else void beside.open(id, desk.policy.peek());
  });
  const followed = computed(() => (run.value?.head.state === "at work" ? run.value.head.run : null));
  effect(() => {
    const id = followed.value;
    return id === null ? undefined : followRun(desk, session, desk.run.peek() ?? id);
  });
};

/** A page that was opened without a selection begins with the best detection that landed last: the inspector is full from the start. */
const beginSelected = ({ desk, run, view }: Console): void => {
  let done = desk.selection.peek() !== null;
  effect(() => {
    const prepared = run.value?.prepared;
    const shown = view.value;
    if (done || prepared === undefined || shown === null) return;
    done = true;
    const t = desk.t.peek() - prepared.epoch;
    const { at_s, acquisition } = shown.record.tables.publications.columns;
    const last = acquisition[countUpTo(at_s, t) - 1];
    if (last === undefined || desk.selection.peek() !== null) return;
    const [best] = detectionFacts(prepared, shown, last, t);
    desk.selection.value =
      best === undefined
        ? { kind: "acquisition", acquisition: last }
        : { kind: "detection", acquisition: last, detection: best.index };
  });
};

/** A globe that was opened without a turn shows what is selected. */
const beginCentred = (console: Console): void => {
  const { desk, run } = console;
  let done = desk.turn.peek().centre.some((part) => part !== 0);
  effect(() => {
    const prepared = run.value?.prepared;
    const selection = desk.selection.value;
    if (done || prepared === undefined || selection === null || desk.projection.value !== "globe") return;
    done = true;
    const at = placeOfSelection(prepared, selection, desk.t.peek());
    if (at !== null) centreOn(console, at);
  });
};

/** Says that the login has run out as soon as the server says so, and is there again once somebody has logged in, in another tab too. */
const keepLogin = ({ desk }: Console): void => {
  effect(() => {
    if (readingWantsLogin.value) desk.connection.value = { state: "logged-out" };
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || !readingWantsLogin.peek()) return;
    // The address holds all that the page shows.
    mayRead().then(
      (may) => may && location.reload(),
      () => undefined,
    );
  });
};

/** Asks for the base map and the runs, and keeps the page at what comes. */
export const startConsole = (
  console: Console,
  address: Address,
  land: { coarse: string; fine: string },
): void => {
  keepLogin(console);
  keepExtent(console, address);
  keepSessions(console, address);
  beginSelected(console);
  beginCentred(console);
  const load = async (path: string): Promise<Land> => landOf((await askJson(path)) as Topology);
  // Without a coast the map shows all the rest; that the server cannot be reached is said where runs are asked for.
  const shown = (path: string, place: Signal<Land | null>): Promise<void> =>
    load(path).then(
      (loaded) => void (place.value = loaded),
      () => undefined,
    );
  void shown(land.coarse, console.land.coarse).then(() => {
    // The fine coast is six times the size of all else: it comes when the rest is there.
    window.setTimeout(() => void shown(land.fine, console.land.fine), 1200);
  });
  void console.kept.refresh();
  void console.catalogue.refresh().then(() => {
    const runs = console.catalogue.runs.peek() ?? [];
    if (console.desk.run.peek() === null) console.desk.run.value = usualRun(runs)?.run ?? null;
  });
};
