import type { Detection } from "../../pipeline/detection/detection.ts";
import type { Detector } from "../../pipeline/detection/detector.ts";
import type { WorkloadRecord } from "../../pipeline/mission/ledger.ts";
import { detectorFor, modelsOf, workloadsIn } from "../../pipeline/mission/scene-workloads.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { Computer } from "../../pipeline/mission/spacecraft.ts";
import type { WorkloadPlan, WorkloadsPlan } from "../../pipeline/mission/tenancy-plan.ts";
import { seconds, type Seconds } from "../../pipeline/units.ts";
import { effectiveOps } from "../platform/computer.ts";

/** What of a mission's workloads is done on one acquisition. */
export interface WorkloadShift {
  /** The models that are needed, and no others. */
  readonly detector: Detector;
  /** What loading of weights takes before the first tile. */
  readonly load: Seconds;
  /** What each workload took, once the acquisition is done. */
  readonly close: (done: {
    /** Pixels that models looked at. */
    readonly modelPixels: number;
    /** All that the computer did, loading included. */
    readonly work: Seconds;
    readonly detections: readonly Detection[];
  }) => readonly WorkloadRecord[];
}

/**
 * The models of a mission in the memory of one computer. What fits is there when the mission begins, in the order of the plan; a model that is not there is
 * loaded from the mass memory, and those go for it that were not used for the longest time. Models that are there already work first.
 */
export class WorkloadBoard {
  readonly #plan: WorkloadsPlan;
  readonly #computer: Computer;
  readonly #detector: Detector;
  readonly #room: number;
  /** Places in the plan's list of models, the one used longest ago first. */
  #inMemory: readonly number[];

  constructor(plan: WorkloadsPlan, computer: Computer, detector: Detector) {
    this.#plan = plan;
    this.#computer = computer;
    this.#detector = detector;
    this.#room = computer.memory ?? Infinity;
    const kept: number[] = [];
    let held = 0;
    plan.models.forEach(({ weightBytes }, at) => {
      if (held + weightBytes > this.#room) return;
      held += weightBytes;
      kept.push(at);
    });
    this.#inMemory = kept;
  }

  /**
   * Begins an acquisition. `tenants`: whose work is done; `null`: everybody's. Who has no workload in the mission and yet pays, by an order or as
   * the operator, gets all of them.
   */
  begin({ scene, order }: Acquisition, tenants: readonly string[] | null): WorkloadShift {
    const isKnown = (tenants ?? []).some((one) => this.#plan.workloads.some(({ tenant }) => tenant === one));
    const workloads = workloadsIn(this.#plan, scene, isKnown ? tenants : null);
    const payer = order !== undefined || !isKnown ? (tenants?.[0] ?? null) : null;
    const loaded = this.#load(modelsOf(this.#plan, workloads));
    const detector = detectorFor(this.#plan, this.#detector, workloads);
    return {
      detector,
      load: seconds(loaded.reduce((sum, at) => sum + this.#loadTime(at), 0)),
      close: (done) =>
        this.#records(workloads, loaded, done).map((record) =>
          payer === null ? record : { ...record, tenant: payer },
        ),
    };
  }

  /** Makes room for what is not there, and says what was loaded. */
  #load(needed: readonly number[]): readonly number[] {
    const bytesOf = (at: number): number => this.#plan.models[at]?.weightBytes ?? 0;
    const loaded: number[] = [];
    const first = needed.filter((at) => this.#inMemory.includes(at));
    const rest = needed.filter((at) => !first.includes(at));
    for (const at of [...first, ...rest]) {
      let memory = this.#inMemory.filter((one) => one !== at);
      if (!this.#inMemory.includes(at)) {
        loaded.push(at);
        while (memory.length > 0 && memory.reduce((sum, one) => sum + bytesOf(one), bytesOf(at)) > this.#room)
          memory = memory.slice(1);
      }
      this.#inMemory = [...memory, at];
    }
    return loaded;
  }

  #loadTime(at: number): number {
    return (this.#plan.models[at]?.weightBytes ?? 0) / this.#plan.loadRate;
  }

  #records(
    workloads: readonly WorkloadPlan[],
    loaded: readonly number[],
    { modelPixels, work, detections }: Parameters<WorkloadShift["close"]>[0],
  ): readonly WorkloadRecord[] {
    const { models } = this.#plan;
    const { classes, parts = [] } = this.#detector.info;
    const costs = workloads.map((workload) => {
      const at = models.findIndex(({ sha256 }) => sha256 === workload.modelSha256);
      const sharers = workloads.filter(({ modelSha256 }) => modelSha256 === workload.modelSha256).length;
      const part = parts[at];
      const operations = (modelPixels * (part?.opsPerPixel ?? 0)) / sharers;
      const time = operations / effectiveOps(this.#computer, part?.precision ?? "fp32");
      return { workload, operations, time, load: (loaded.includes(at) ? this.#loadTime(at) : 0) / sharers };
    });
    // What is no network's is everybody's: reading, tests, encoders.
    const own = costs.reduce((sum, { time, load }) => sum + time + load, 0);
    const common = Math.max(0, work - own) / Math.max(1, workloads.length);
    return costs.map(({ workload, operations, time, load }) => {
      const names = new Set(workload.classes);
      return {
        workload: workload.name,
        tenant: workload.tenant,
        operations,
        computeSeconds: seconds(time + load + common),
        loadSeconds: seconds(load),
        detections: detections.filter(({ classId }) => names.has(classes[classId] ?? "")).length,
      };
    });
  }
}
