import { signal, type Signal } from "@preact/signals";
import { parseMissionHead, type MissionHead } from "../../pipeline/mission/mission-head.ts";
import { messageOf } from "../../pipeline/errors.ts";
import type { Verdicts } from "../../measure/summary/verdict-summary.ts";
import { finalVerdicts } from "../reading/final-verdicts.ts";
import { missionFiles, type FetchFile, type MissionFiles } from "../reading/mission-files.ts";
import { openPlan } from "../state/plan.ts";
import { openPolicy, type PolicyRecord } from "../state/policy-record.ts";
import { newShadows } from "../reading/lanes-of.ts";
import { viewPolicy, type PolicyView } from "../reading/policy-view.ts";
import type { SceneWindow } from "../reading/scene-window.ts";
import { prepare, type Prepared } from "../reading/prepared.ts";
import { askBytes, askJson } from "./ask.ts";

/** A run as far as it is loaded. */
export interface RunView {
  readonly head: MissionHead;
  readonly prepared: Prepared;
  readonly shadows: (satellite: number) => readonly (readonly [number, number])[];
  /** By label; policies that are not loaded yet, or not flown, are missing. */
  readonly views: ReadonlyMap<string, PolicyView>;
  /** By label, of the whole run: what its summary says once it is finished. */
  readonly verdicts: ReadonlyMap<string, Verdicts>;
}

/** What became of asking for a run. */
export type RunState =
  | { readonly state: "none" }
  | { readonly state: "loading"; readonly id: string }
  | { readonly state: "loaded"; readonly id: string; readonly view: RunView }
  | { readonly state: "failed"; readonly id: string; readonly reason: string };

/** Where the record of a run lies. */
export const missionPath = (id: string): string => `/api/runs/${encodeURIComponent(id)}/mission`;

/** Files of a record. What one says never changes: browsers may keep it. */
export const fetchFrom =
  (id: string, signal?: AbortSignal): FetchFile =>
  (path) =>
    askBytes(`${missionPath(id)}/${path.split("/").map(encodeURIComponent).join("/")}`, signal);

/** One run, loaded piece by piece into a signal: plan first, then the policy that is looked at, then the others. */
export class RunSession {
  readonly state: Signal<RunState> = signal<RunState>({ state: "none" });
  #files: MissionFiles | null = null;
  #abort = new AbortController();

  /** Loads a run in place of the one before. `first` names the policy to load before the others. */
  async open(id: string, first: string | null): Promise<void> {
    this.close();
    const { signal: abort } = this.#abort;
    this.state.value = { state: "loading", id };
    try {
      const head = parseMissionHead(await askJson(missionPath(id), abort), `mission of ${id}`);
      const files = missionFiles(fetchFrom(id, abort));
      this.#files = files;
      const prepared = prepare(openPlan(head, await files.plan(head)));
      if (abort.aborted) return;
      const view: RunView = {
        head,
        prepared,
        shadows: newShadows(prepared),
        views: new Map(),
        verdicts: new Map(),
      };
      this.state.value = { state: "loaded", id, view };
      await Promise.all([this.#loadPolicies(id, first, files, abort), this.#loadVerdicts(id, abort)]);
    } catch (error) {
      if (!abort.aborted) this.state.value = { state: "failed", id, reason: messageOf(error) };
    }
  }

  /** A head of the same run that says more than the one before. */
  async grow(head: MissionHead): Promise<void> {
    const now = this.state.peek();
    if (now.state !== "loaded" || head.revision < now.view.head.revision) return;
    const { signal: abort } = this.#abort;
    const { prepared } = now.view;
    const plan = { ...prepared.plan, head };
    this.state.value = { ...now, view: { ...now.view, head, prepared: { ...prepared, plan, head } } };
    if (this.#files !== null) await this.#loadPolicies(now.id, null, this.#files, abort);
    await this.#loadVerdicts(now.id, abort);
  }

  /** Stops whatever is under way. */
  close(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#files = null;
    this.state.value = { state: "none" };
  }

  /** Of a finished run; one that is heard of from elsewhere has no summary here. */
  async #loadVerdicts(id: string, abort: AbortSignal): Promise<void> {
    const before = this.state.peek();
    if (before.state !== "loaded" || before.view.head.state !== "finished") return;
    const { summary } = (await askJson(`/api/runs/${encodeURIComponent(id)}`, abort)) as {
      readonly summary?: unknown;
    };
    const now = this.state.peek();
    if (abort.aborted || now.state !== "loaded" || now.id !== id) return;
    const verdicts = finalVerdicts(now.view.head, summary);
    this.state.value = { ...now, view: { ...now.view, verdicts } };
  }

  async #loadPolicies(
    id: string,
    first: string | null,
    files: MissionFiles,
    abort: AbortSignal,
  ): Promise<void> {
    const now = this.state.peek();
    if (now.state !== "loaded") return;
    const { prepared } = now.view;
    const known = now.view.head.policies.filter(({ events }) => events.length > 0);
    const order = known.toSorted((a, b) => Number(b.label === first) - Number(a.label === first));
    for (const policy of order) {
      // Of a run at work one policy grows; what is known of the others stays as it is.
      const before = now.view.views.get(policy.label)?.record.policy;
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(policy)) continue;
      const loaded = viewPolicy(prepared.plan, openPolicy(prepared.plan, policy, await files.policy(policy)));
      const current = this.state.peek();
      if (abort.aborted || current.state !== "loaded" || current.id !== id) return;
      const views = new Map(current.view.views).set(policy.label, loaded);
      this.state.value = { ...current, view: { ...current.view, views } };
    }
  }
}

/** Where the picture of a detection lies. */
export const chipPath = (id: string, policy: string, acquisition: number, detection: number): string =>
  `/api/runs/${encodeURIComponent(id)}/chips/${encodeURIComponent(policy)}/${acquisition}/${detection}`;

/** Where a part of a scene lies as the dataset has it. */
export const scenePicturePath = (id: string, scene: string, window: SceneWindow): string =>
  `/api/runs/${encodeURIComponent(id)}/scenes/${encodeURIComponent(scene)}/picture?bbox=${window.join(",")}&from=dataset`;

/** The policy that measured what raw pictures take: any that encoded all of them. */
export const yardstickOf = ({ views }: RunView): PolicyRecord | null =>
  [...views.values()].find(({ record }) => record.policy.name === "raw")?.record ??
  [...views.values()].find(({ record }) => !Number.isNaN(record.pictures.lossless.sums.at(-1) ?? NaN))
    ?.record ??
  null;
