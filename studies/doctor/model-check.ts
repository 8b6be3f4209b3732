import { formatBytes, formatDuration } from "../../pipeline/format.ts";
import { openModel } from "../../models/model.ts";
import type { Check } from "./check.ts";

/** Whether the runtime is there and loads a model. What would be fetched first is said, not fetched in silence. */
export const modelCheck: Check = {
  name: "model runtime",
  look: async ({ model }) => {
    const fetched: string[] = [];
    const begin = performance.now();
    const opened = await openModel(model, { note: (text) => void fetched.push(text) });
    try {
      const { name, version, runtime } = opened.info;
      const took = formatDuration((performance.now() - begin) / 1000);
      const rss = formatBytes(process.memoryUsage().rss);
      const says = [
        `${name} ${version} opens in ${took}${runtime === undefined ? "" : ` (${runtime})`}, ${rss} in use`,
        ...fetched,
      ];
      return { state: "works", says: says.join("; ") };
    } finally {
      await opened[Symbol.asyncDispose]?.();
    }
  },
};
