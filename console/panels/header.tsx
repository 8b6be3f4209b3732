import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { durationText } from "../look/figures.ts";
import { useConsole } from "../page/console-context.ts";
import type { RunView } from "../page/run-session.ts";
import { silentNodes } from "../state/silent-nodes.ts";
import { LiveButton } from "./transport.tsx";

/** `ten ports · three-body, 12 satellites · ksat, 32 stations · ships-s2 3.0.0`. */
export const whatRunIs = ({ head }: RunView): string =>
  [
    head.dataset?.name,
    `${head.constellation}, ${head.satellites.length.toLocaleString("en-GB")} satellites`,
    `${head.network}, ${head.stations.length} stations`,
    head.model === null ? null : `${head.model.name} ${head.model.version}`,
    head.shows === "counts" ? "simulated: counts, no pixels" : null,
  ]
    .filter((part) => part !== null && part !== undefined)
    .join(" · ");

/** `run at work: chips, 5 of 6 policies`. */
export const runStateText = ({ head }: RunView): string => {
  const { policies } = head;
  if (head.state === "failed") return "run failed";
  if (head.state === "interrupted") return "run interrupted";
  if (head.state === "finished") {
    const count = policies.length;
    return count === 1
      ? `run finished, ${policies[0]?.label ?? "one policy"}`
      : `run finished, ${count} policies`;
  }
  const at = policies.findIndex(({ state }) => state === "at work");
  const name = policies[at]?.label;
  return name === undefined
    ? "run at work"
    : `run at work: ${name}, ${at + 1} of ${policies.length} policies`;
};

/** `Mingenew silent for 14 s`, of the one that is silent longest; `null`: all are heard. */
export const silenceText = ({ head }: RunView, nowMs: number): string | null => {
  const [first, ...others] = silentNodes(head).toSorted((a, b) => a.sinceMs - b.sinceMs);
  if (first === undefined) return null;
  const name = head.stations.find(({ id }) => id === first.id)?.name ?? first.id;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${name}${more} silent for ${durationText(Math.max(0, Math.floor((nowMs - first.sinceMs) / 1000)))}`;
};

/** Once a second, while somebody is silent. */
const useNow = (isWanted: boolean): number => {
  const now = useSignal(Date.now());
  useEffect(() => {
    if (!isWanted) return undefined;
    const timer = setInterval(() => (now.value = Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isWanted]);
  return now.value;
};

const State = () => {
  const { desk, run } = useConsole();
  const connection = desk.connection.value;
  const isSilent = run.value !== null && silentNodes(run.value.head).length > 0;
  const now = useNow(isSilent);
  if (connection.state === "lost")
    return (
      <span class="state trouble" role="status">
        ✕ connection lost, trying again at {new Date(connection.retryAt).toLocaleTimeString("en-GB")}
      </span>
    );
  if (connection.state === "logged-out")
    return (
      <span class="state trouble" role="status">
        ! the login has run out{" "}
        <button
          type="button"
          class="button"
          aria-haspopup="dialog"
          onClick={() => (desk.sheet.value = "login")}
        >
          Log in
        </button>
      </span>
    );
  if (run.value === null) return <span class="state">no run at work</span>;
  const { state } = run.value.head;
  const silence = silenceText(run.value, Math.max(now, Date.now()));
  if (silence !== null)
    return (
      <span class="state trouble" role="status">
        ! {silence}
      </span>
    );
  return (
    <span class={state === "failed" ? "state trouble" : "state"}>
      {state === "at work" && <i class="dot" />}
      {state === "failed" && "✕ "}
      {runStateText(run.value)}
    </span>
  );
};

/** Product, run, what it is, how it stands; find, projection, theme, help. */
export const Header = () => {
  const { desk, run, session } = useConsole();
  const { state } = session;
  const id = state.value.state === "none" ? "runs" : state.value.id;
  const setProjection = (projection: "map" | "globe"): void => {
    desk.projection.value = projection;
  };
  return (
    <header class="header">
      <h1>Swath</h1>
      <button
        type="button"
        class="button picker"
        aria-haspopup="dialog"
        onClick={() => (desk.sheet.value = "runs")}
      >
        {id} ▾
      </button>
      <span class="what">{run.value === null ? "" : whatRunIs(run.value)}</span>
      <State />
      <span class="spacer" />
      <span class="narrow">
        <LiveButton />
      </span>
      <button
        type="button"
        class="button wide"
        aria-keyshortcuts="/"
        onClick={() => (desk.sheet.value = "find")}
      >
        Find <kbd>/</kbd>
      </button>
      <span class="choice wide" role="group" aria-label="Projection">
        <button
          type="button"
          aria-pressed={desk.projection.value === "map"}
          onClick={() => setProjection("map")}
        >
          Map
        </button>
        <button
          type="button"
          aria-pressed={desk.projection.value === "globe"}
          onClick={() => setProjection("globe")}
        >
          Globe
        </button>
      </span>
      <button
        type="button"
        class="button wide"
        aria-pressed={desk.drawing.value}
        title="Draw an area and subscribe to it (A)"
        onClick={() => (desk.drawing.value = !desk.drawing.value)}
      >
        Area
      </button>
      <button
        type="button"
        class="button wide"
        onClick={() => (desk.look.theme.value = desk.look.isDark.value ? "light" : "dark")}
      >
        {desk.look.isDark.value ? "Light" : "Dark"}
      </button>
      <button
        type="button"
        class="button wide"
        aria-label="All keys"
        onClick={() => (desk.sheet.value = "keys")}
      >
        ?
      </button>
    </header>
  );
};
