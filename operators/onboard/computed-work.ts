import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { SceneErrors } from "../../pipeline/raster/scene-errors.ts";
import type { SceneSource } from "../../pipeline/raster/scene.ts";
import type { ProductKind } from "../../pipeline/product/product.ts";
import { instant, type Seconds } from "../../pipeline/units.ts";
import { failedRecord } from "../flight/failed-record.ts";
import { tirelessClock } from "../flight/work-clock.ts";
import type { Workbench } from "../flight/flight-plan.ts";
import { processAcquisition, type Onboard, type ReadyDraft } from "./acquisition-work.ts";

/** A product of the onboard computer, before anybody knows when it is ready. */
export interface ComputedProduct {
  readonly kind: ProductKind;
  readonly tile: number | null;
  /** Work done on the acquisition by then, at full speed. */
  readonly workAt: Seconds;
  readonly value: number;
  readonly payload: Uint8Array;
}

/**
 * All that the onboard computer makes of a scene under a policy. Where no particle turns bits over it follows from pixels, model and policy
 * alone: who takes the picture when, and what power and heat do to the computer, moves it in time and changes nothing else. So it can be
 * worked out anywhere, before the satellite flies.
 */
export interface ComputedWork {
  /** What the camera took; `null`: the scene broke off before. */
  readonly captured: { readonly samples: number; readonly sensorBytes: number } | null;
  /** In the order in which they become ready; of a scene that broke off what was made by then. */
  readonly products: readonly ComputedProduct[];
  readonly record: Omit<AcquisitionRecord, "index" | "startedAt" | "readyAt">;
}

/** Works a scene out without flying. Throws what `sceneErrors` does not leave out, and the reason of the signal. */
export const computeWork = async (
  onboard: Onboard,
  acquisition: Acquisition,
  { source, sceneErrors }: { readonly source: SceneSource; readonly sceneErrors: SceneErrors },
): Promise<ComputedWork> => {
  if (onboard.radiation !== null)
    throw new RangeError("under radiation work follows from where the satellite is");
  const start = instant(0);
  let captured: ComputedWork["captured"] = null;
  const products: ComputedProduct[] = [];
  const bench = {
    clock: tirelessClock(start),
    captured: (samples: number, sensorBytes: number) => void (captured = { samples, sensorBytes }),
  };
  const work = async (): Promise<AcquisitionRecord> => {
    try {
      await using reader = await source.open(acquisition.scene);
      return await processAcquisition(onboard, acquisition, reader, bench, async (draft) => {
        const { kind, tile, workAt, value, payload } = draft;
        products.push({ kind, tile, workAt, value, payload });
      });
    } catch (error) {
      onboard.signal.throwIfAborted();
      return failedRecord(acquisition.index, start, sceneErrors.leaveOut(error));
    }
  };
  const { index: _index, startedAt: _startedAt, readyAt: _readyAt, ...record } = await work();
  return { captured, products, record };
};

/** Does work again that was worked out before: on the clock of a bench, to the same products. */
export const repeatWork = async (
  { captured, products, record }: ComputedWork,
  { index, at }: Acquisition,
  bench: Pick<Workbench, "clock" | "captured">,
  keep: (product: Omit<ReadyDraft, "encodedSamples">) => Promise<void>,
): Promise<AcquisitionRecord> => {
  const { clock } = bench;
  if (captured !== null) bench.captured(captured.samples, captured.sensorBytes);
  for (const product of products) await keep({ ...product, readyAt: await clock.at(product.workAt) });
  if (record.failure !== null) return failedRecord(index, at, record.failure);
  const readyAt = await clock.at(record.computeSeconds);
  return { ...record, index, startedAt: clock.startedAt, readyAt };
};
