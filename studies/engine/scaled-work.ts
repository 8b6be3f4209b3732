import type { WorkloadEntry } from "../../pipeline/mission/workload.ts";
import { productKinds } from "../../pipeline/product/product.ts";
import { bytes, seconds } from "../../pipeline/units.ts";

/** An acquisition of `factor` times the ground: the work and the bytes of the products times `factor`. */
export const scaledEntry = (entry: WorkloadEntry, factor: number): WorkloadEntry => {
  const times = (value: number): number => Math.round(value * factor);
  return {
    ...entry,
    samples: times(entry.samples),
    sensorBytes: bytes(times(entry.sensorBytes)),
    losslessBytes: entry.losslessBytes === null ? null : bytes(times(entry.losslessBytes)),
    tiles: times(entry.tiles),
    emptyTiles: times(entry.emptyTiles),
    cloudyTiles: times(entry.cloudyTiles),
    emptyBytes: bytes(times(entry.emptyBytes)),
    cloudyBytes: bytes(times(entry.cloudyBytes)),
    modelTiles: times(entry.modelTiles),
    detections: times(entry.detections),
    operations: entry.operations * factor,
    encodedSamples: entry.encodedSamples * factor,
    computeSeconds: seconds(entry.computeSeconds * factor),
    ...(entry.workloads === undefined
      ? {}
      : {
          workloads: entry.workloads.map((one) => ({
            ...one,
            operations: one.operations * factor,
            computeSeconds: seconds(one.computeSeconds * factor),
            loadSeconds: seconds(one.loadSeconds * factor),
            detections: times(one.detections),
          })),
        }),
    products: entry.products.map((product) => ({
      ...product,
      size: Math.max(1, times(product.size)),
      workAt: seconds(product.workAt * factor),
    })),
  };
};

/** The same bytes in one product of each kind, ready when its last part is: a day has too many pictures to follow every tile. */
export const mergedEntry = (entry: WorkloadEntry): WorkloadEntry => ({
  ...entry,
  products: productKinds
    .flatMap((kind) => {
      const parts = entry.products.filter((product) => product.kind === kind);
      if (parts.length === 0) return [];
      return [
        {
          kind,
          tile: null,
          size: parts.reduce((sum, { size }) => sum + size, 0),
          workAt: seconds(parts.reduce((last, { workAt }) => Math.max(last, workAt), 0)),
          value: parts.reduce((sum, { value = 0 }) => sum + value, 0),
        },
      ];
    })
    .toSorted((a, b) => a.workAt - b.workAt),
});
