import type { NetworkSession, Outputs, OutputTensor } from "./network-session.ts";

/** How many images a network of this input shape takes at once; 1 where it takes any number. */
export const batchOf = (shape: readonly (number | string)[]): number =>
  typeof shape[0] === "number" && shape[0] > 1 ? shape[0] : 1;

/**
 * A network that was exported for several images at once, as one for one image: the image stands in every place, the answer of
 * the first place counts. The computing is that of all places; a network exported for one image saves it.
 */
export const oneOfBatch = (session: NetworkSession): NetworkSession => {
  const batch = batchOf(session.inputShape);
  if (batch === 1) return session;
  let repeated = new Float32Array(0);
  return {
    ...session,
    inputShape: [1, ...session.inputShape.slice(1)],
    async run(data, shape, names) {
      if (repeated.length !== batch * data.length) repeated = new Float32Array(batch * data.length);
      for (let i = 0; i < batch; i += 1) repeated.set(data, i * data.length);
      const outputs = await session.run(repeated, [batch, ...shape.slice(1)], names);
      return new Map([...outputs].map(([name, tensor]) => [name, firstOf(tensor, batch)])) satisfies Outputs;
    },
  };
};

/** Outputs that are not one a place (rows that name their image) stay whole. */
const firstOf = ({ shape, data }: OutputTensor, batch: number): OutputTensor =>
  shape[0] === batch
    ? { shape: [1, ...shape.slice(1)], data: data.subarray(0, data.length / batch) }
    : { shape, data };
