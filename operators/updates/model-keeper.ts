import type { Detector } from "../../pipeline/detection/detector.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { ModelExam } from "../../pipeline/mission/model-exam.ts";
import type { ModelChange, ModelLedger, ModelName, ModelTrial } from "../../pipeline/mission/model-ledger.ts";
import type { OrderAnswer } from "../../pipeline/orders/order-answer.ts";
import type { OrderNamed } from "../../pipeline/orders/order.ts";
import type { Instant } from "../../pipeline/units.ts";
import type { OrderBench, OrderHandlers } from "../orders/order-handler.ts";
import type { Medium } from "./medium.ts";
import { installModel, readIndex, readModel, recover, removeModel, type ModelIndex } from "./model-store.ts";
import {
  recordOfTrial,
  tryImage,
  watchImage,
  type Trial,
  type TriedWork,
  type Watch,
} from "./model-trial.ts";
import { ModelUploads, refusalOf, type Install, type InstallEntry } from "./model-uploads.ts";
import { emptyTally } from "./trial-tally.ts";

/** The files of a model, by name. */
type Files = ReadonlyMap<string, Uint8Array>;

/** A model that an upload was turned into, proven. */
export interface UnpackedModel {
  readonly files: Files;
  /** What is believed from now on. */
  readonly trust: string;
  readonly exam: ModelExam;
}

/** What a satellite needs to take models in. Models themselves are made and read elsewhere: this room knows none. */
export interface ModelPorts {
  readonly medium: Medium;
  /** The model that it was launched with, and its files. */
  readonly launched: ModelName & { readonly detector: Detector; readonly files: Files };
  /** What it was launched to believe. */
  readonly trust: string;
  /** Proves an upload and makes the model; `base`: the models on board, the newest first. Throws `SwathError` with the field, what was wanted and got. */
  readonly unpack: (
    order: Install,
    upload: Uint8Array,
    place: { readonly trust: string; readonly base: readonly Files[]; readonly now: Instant },
  ) => UnpackedModel;
  /** Notes the sequence number of an order that brings nothing, or throws `SwathError`. */
  readonly noteOrder: (trust: string, order: { readonly id: string; readonly sequence: number }) => string;
  /** Loads a model. Throws where it does not load. */
  readonly open: (name: ModelName, files: Files) => Promise<Detector>;
  /** Whether what models find says from the start which of them made it; else from the first order about models on. */
  readonly isNamed: boolean;
  /** Sets bytes of the store aside, or gives them back where negative; says whether there was room. */
  readonly reserve: (bytes: number, at: Instant) => boolean;
  /** Is told which model is at work from when on, for whoever watches. */
  readonly tell?: (change: ModelChange) => void;
}

/** What looks at an image. */
export interface ModelsInForce {
  readonly name: ModelName;
  readonly detector: Detector;
  /** Another that looks at the image behind it: one on trial, or the one before, while its successor is watched; `null`: none. */
  readonly beside: Detector | null;
}

/**
 * The models of one satellite: takes uploads in, proves them, tries a new model beside the old one, promotes it or goes back, and watches it where that is asked for.
 * Which model looks at an image follows from when the computer begins with it. One trial is under way at a time; a model that fails gives its place to the last one that
 * worked.
 */
export class ModelKeeper {
  readonly #ports: ModelPorts;
  readonly #uploads: ModelUploads;
  #index: ModelIndex;
  /** In order of time. */
  readonly #changes: ModelChange[];
  readonly #trials: ModelTrial[] = [];
  readonly #open = new Map<string, Detector>();
  readonly #failed = new Set<string>();
  #trial: Trial | null = null;
  #watch: Watch | null = null;
  /** Why the second model looks at the image that is being worked on. */
  #role: "trial" | "watch" = "trial";
  #isNamed: boolean;

  constructor(ports: ModelPorts, from: Instant) {
    const { medium, reserve, launched, trust, isNamed } = ports;
    const { model, sha256 } = launched;
    this.#ports = ports;
    this.#isNamed = isNamed;
    this.#index = readIndex(medium, { models: [], trust });
    recover(medium, this.#index);
    const first: ModelChange = { at: from, model, sha256, why: "launched", order: null };
    this.#changes = [first];
    ports.tell?.(first);
    this.#uploads = new ModelUploads({
      medium,
      reserve,
      install: (entry, upload, at) => this.#install(entry, upload, at),
    });
  }

  /** Who obeys orders about models. */
  get handlers(): OrderHandlers {
    return {
      "model-install": (order, bench) => {
        this.#isNamed = true;
        return this.#uploads.install(order as Install, bench);
      },
      "model-piece": (order, bench) => this.#uploads.piece(order as OrderNamed<"model-piece">, bench),
      "model-activate": (order, bench) => this.#activate(order as OrderNamed<"model-activate">, bench),
    };
  }

  /** Closes what was loaded. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const detector of this.#open.values()) await detector[Symbol.asyncDispose]();
    this.#open.clear();
  }

  /** Whether what models find says which of them made it. */
  get isNamed(): boolean {
    return this.#isNamed;
  }

  #activate(order: OrderNamed<"model-activate">, { at }: OrderBench): OrderAnswer {
    this.#isNamed = true;
    const { model, sha256, sequence } = order.body;
    const known = [this.#ports.launched, ...this.#index.models];
    try {
      const trust = this.#ports.noteOrder(this.#index.trust, { id: order.id, sequence });
      if (known.every((one) => one.sha256 !== sha256) || this.#failed.has(sha256)) {
        const wanted = known.map((one) => `${one.model} ${one.sha256.slice(0, 16)}…`).join(" or ");
        return { answer: "refused", at, field: "sha256", wanted, got: `${sha256.slice(0, 16)}…` };
      }
      this.#index = { ...this.#index, trust };
    } catch (error) {
      return { answer: "refused", at, ...refusalOf(order.id, error) };
    }
    if (this.#trial?.name.sha256 === sha256) this.#endTrial("promoted", "ordered", at);
    this.#endWatch(at, "another model was ordered to work");
    this.#change({ model, sha256 }, at, "activated", order.id);
    return { answer: "done", at };
  }

  #install(entry: InstallEntry, upload: Uint8Array, at: Instant): void {
    const { order } = entry;
    const { model, sha256, trial } = order.body;
    const place = { trust: this.#index.trust, base: this.#base(), now: at };
    const { files, trust, exam } = this.#ports.unpack(order, upload, place);
    this.#index = installModel(this.#ports.medium, this.#index, { model, sha256 }, files, trust);
    const begun = { ...entry, name: { model, sha256 }, installedAt: at, exam, tally: emptyTally };
    if (trial > 0) {
      if (this.#trial !== null) this.#endTrial("rejected", `${model} came meanwhile`, at);
      this.#trial = begun;
      return;
    }
    this.#trials.push(recordOfTrial(begun, "promoted", "without a trial", at));
    this.#work(begun, at, "installed", "at work, without a trial");
  }

  /** The model of an order begins work, watched by the one before where the order says so. */
  #work(trial: Trial, at: Instant, why: "installed" | "promoted", note: string): void {
    const before = this.#atWork(at);
    this.#endWatch(at, `${trial.name.model} came after it`);
    this.#change(trial.name, at, why, trial.order.id);
    if (trial.order.body.watch === 0 || before.sha256 === trial.name.sha256)
      trial.say({ answer: "done", at, note });
    else this.#watch = { ...trial, installedAt: at, tally: emptyTally, before };
  }

  #atWork(t: Instant): ModelName {
    return this.#changes.findLast(({ at }) => at <= t) ?? (this.#changes[0] as ModelChange);
  }

  /** The models on board, that deltas may be told against. */
  #base(): readonly Files[] {
    const { medium, launched } = this.#ports;
    const stored = this.#index.models.toReversed();
    return [...stored.map(({ sha256 }) => readModel(medium, this.#index, sha256)), launched.files];
  }

  /** The models that look at an image which the computer begins with at `t`. A model that does not load has failed. */
  async inForce(t: Instant): Promise<ModelsInForce> {
    for (;;) {
      const name = this.#atWork(t);
      const detector = await this.#load(name);
      if (typeof detector === "string") {
        this.fail(name, t, detector);
        continue;
      }
      const other = this.#besideAt(t, name);
      if (other === null) return { name, detector, beside: null };
      const beside = await this.#load(other);
      if (typeof beside !== "string") return { name, detector, beside };
      this.failBeside(beside, t);
    }
  }

  /** Who looks at an image behind `name`, at work at `t`: a model on trial before one that watches. */
  #besideAt(t: Instant, name: ModelName): ModelName | null {
    const [trial, watch] = [this.#trial, this.#watch];
    if (trial !== null && trial.installedAt <= t) {
      this.#role = "trial";
      return trial.name;
    }
    if (watch === null || watch.installedAt > t || watch.name.sha256 !== name.sha256) return null;
    this.#role = "watch";
    return watch.before;
  }

  async #load(name: ModelName): Promise<Detector | string> {
    const { launched, medium, open } = this.#ports;
    if (name.sha256 === launched.sha256) return launched.detector;
    const known = this.#open.get(name.sha256);
    if (known !== undefined) return known;
    try {
      const detector = await open(name, readModel(medium, this.#index, name.sha256));
      this.#open.set(name.sha256, detector);
      return detector;
    } catch (error) {
      return `does not load: ${messageOf(error)}`;
    }
  }

  /**
   * The model at work failed at `t`: the last one that worked takes its place. Throws `SwathError("model")` for the model of the launch, from
   * which there is no way back.
   */
  fail({ model, sha256 }: ModelName, t: Instant, why: string): void {
    const { launched } = this.#ports;
    if (sha256 === launched.sha256)
      throw new SwathError("model", { what: `model ${model}`, wanted: "one that works", got: why });
    this.#failed.add(sha256);
    const last = this.#changes.findLast((one) => one.at <= t && !this.#failed.has(one.sha256)) ?? launched;
    const order = this.#changes.findLast((one) => one.sha256 === sha256)?.order ?? "";
    this.#change(last, t, "rolled back", order);
    const at = this.#trials.findLastIndex((one) => one.sha256 === sha256);
    const trial = this.#trials[at];
    if (trial !== undefined) this.#trials[at] = { ...trial, outcome: "failed", why, endedAt: t };
    const watch = this.#watch;
    if (watch?.name.sha256 !== sha256) return;
    this.#noteWatched(watch);
    this.#watch = null;
    watch.say({ answer: "refused", at: t, field: "watch", wanted: "a model that works", got: why });
  }

  /** Whether `name` may fail without ending the mission: there is a model to go back to. */
  isReplaceable({ sha256 }: ModelName): boolean {
    return sha256 !== this.#ports.launched.sha256;
  }

  /**
   * The model at work and the one beside it have looked at an image of `scene`, and were done at `at`. Decides once a trial has seen enough, or a
   * watched model does not hold what its rule asks.
   */
  tried(scene: string, at: Instant, atWork: TriedWork, beside: TriedWork): void {
    if (this.#role === "watch") this.#watched(scene, at, atWork, beside);
    else this.#onTrial(scene, at, atWork, beside);
  }

  #watched(scene: string, at: Instant, atWork: TriedWork, before: TriedWork): void {
    if (this.#watch === null) return;
    const { watch, verdict } = watchImage(this.#watch, scene, before, atWork);
    this.#watch = watch;
    this.#noteWatched(watch);
    if (verdict.outcome === "kept")
      this.#endWatch(at, `kept after ${watch.tally.images} acquisitions under watch`);
    if (verdict.outcome !== "broken") return;
    const { field, wanted, got } = verdict;
    this.#watch = null;
    watch.say({ answer: "refused", at, field, wanted, got });
    this.fail(watch.name, at, `under watch: ${field === "keep" ? `${wanted}: ` : ""}${got}`);
  }

  #noteWatched({ name, tally }: Watch): void {
    const at = this.#trials.findLastIndex((one) => one.sha256 === name.sha256);
    const trial = this.#trials[at];
    if (trial !== undefined) this.#trials[at] = { ...trial, watched: tally.images };
  }

  /** Nobody watches any more: the model may stay. */
  #endWatch(at: Instant, note: string): void {
    const watch = this.#watch;
    if (watch === null) return;
    this.#watch = null;
    this.#noteWatched(watch);
    watch.say({ answer: "done", at, note });
  }

  #onTrial(scene: string, at: Instant, old: TriedWork, next: TriedWork): void {
    if (this.#trial === null) return;
    const { trial, verdict } = tryImage(this.#trial, scene, old, next);
    this.#trial = trial;
    if (verdict.outcome === "under way") return;
    if (verdict.outcome === "failed") {
      this.#failTrial(verdict.why, at);
      return;
    }
    const { outcome, rule, figures } = verdict;
    this.#endTrial(outcome, `${rule.text}: ${figures}`, at);
    if (outcome === "rejected") {
      trial.say({ answer: "refused", at, field: "promote", wanted: rule.text, got: figures });
      return;
    }
    this.#work(trial, at, "promoted", `promoted: ${figures}`);
  }

  /** The model beside the one at work failed at an image, or does not load. */
  failBeside(got: string, at: Instant): void {
    if (this.#role === "watch") this.#endWatch(at, `the model before it failed: ${got}`);
    else this.#failTrial(got, at);
  }

  #failTrial(got: string, at: Instant): void {
    const trial = this.#trial;
    if (trial === null) return;
    this.#endTrial("failed", got, at);
    trial.say({ answer: "refused", at, field: "trial", wanted: "a model that works", got });
  }

  #endTrial(outcome: ModelTrial["outcome"], why: string, at: Instant): void {
    const trial = this.#trial;
    if (trial === null) return;
    this.#trial = null;
    this.#trials.push(recordOfTrial(trial, outcome, why, at));
    if (outcome === "promoted") return;
    if (outcome === "failed") this.#failed.add(trial.name.sha256);
    // One that works may be kept, to be activated by an order.
    else if (trial.order.body.rollback === "never") return;
    this.#index = removeModel(this.#ports.medium, this.#index, trial.name.sha256);
    this.#uploads.giveBack(trial.order.body.size, at);
  }

  #change({ model, sha256 }: ModelName, at: Instant, why: ModelChange["why"], order: string): void {
    const after = this.#changes.findLastIndex((one) => one.at <= at);
    const change: ModelChange = { at, model, sha256, why, order };
    this.#changes.splice(after + 1, 0, change);
    this.#ports.tell?.(change);
  }

  /** What came of it all, once nothing more happens. */
  close(): ModelLedger {
    const under = this.#trial;
    const left = under === null ? [] : [recordOfTrial(under, "under way", "the mission ended before", null)];
    return { changes: this.#changes, trials: [...this.#trials, ...left], mostBytes: this.#uploads.mostBytes };
  }
}
