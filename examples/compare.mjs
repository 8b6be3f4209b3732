// Two policies over one built-in scene, from a program: `node examples/compare.mjs [folder]`.
import { compare, writeRun } from "swath";

const result = await compare(
  { dataset: "builtin:harbour?scenes=1&size=512", policies: ["raw", "detect"], seed: 7 },
  { progress: { note: console.error, begin() {}, satellite() {}, landed() {}, end() {} } },
);

for (const { policy, bytes, detections } of result.summary.policies) {
  console.log(
    `${policy}: ${bytes.onLink.total} bytes on the link, ${detections.delivered} detections on the ground`,
  );
}

// An Arrow table: the columns of detections.parquet, geometry as well-known binary.
const table = result.detections("detect");
const surest = table.toArray().sort((a, b) => b.score - a.score)[0];
console.log(
  `the surest of ${table.numRows}: ${surest.class} ${surest.score.toFixed(2)}, by ${surest.satellite}`,
);

const [folder] = process.argv.slice(2);
if (folder !== undefined) await writeRun(result, folder);
await result[Symbol.asyncDispose]();
