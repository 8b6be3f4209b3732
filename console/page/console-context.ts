import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Land } from "../map/base-map.ts";
import type { PolicyView } from "../reading/policy-view.ts";
import type { MissionState } from "../state/state-at.ts";
import type { Desk } from "./desk.ts";
import type { RunCatalogue } from "./run-catalogue.ts";
import type { KeptAreas } from "./subscriptions.ts";
import type { RunSession, RunView } from "./run-session.ts";

/** What every panel may ask for. */
export interface Console {
  readonly desk: Desk;
  readonly session: RunSession;
  readonly beside: RunSession;
  readonly catalogue: RunCatalogue;
  readonly kept: KeptAreas;
  /** The run that is shown; `null` while there is none. */
  readonly run: ReadonlySignal<RunView | null>;
  /** The policy that is flown on the page; `null` where it was not flown. */
  readonly view: ReadonlySignal<PolicyView | null>;
  /** Everything of this moment (as it is read) under that policy; reckoned once for all panels. */
  readonly state: ReadonlySignal<MissionState | null>;
  /** Its label, flown or not. */
  readonly policyLabel: ReadonlySignal<string | null>;
  readonly land: { readonly coarse: Signal<Land | null>; readonly fine: Signal<Land | null> };
}

/** The console of this page. */
export const ConsoleContext = createContext<Console | null>(null);

/** The console that the component stands in. */
export const useConsole = (): Console => {
  const console = useContext(ConsoleContext);
  if (console === null) throw new Error("a panel outside of a console");
  return console;
};
