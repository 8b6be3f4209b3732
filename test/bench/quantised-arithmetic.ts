/**
 * What it costs to compute QDQ networks in floats, operator by operator as their files say, instead of in integers, and how far
 * the answers lie apart: `node dist/test/bench/quantised-arithmetic.js FILE.onnx …` (default: the int8 models that come with
 * Swath). One thread, the best of seven runs.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import Table from "cli-table3";
import { openOnnxSession } from "../../models/runtimes/onnx-session.ts";
import { readOnnxFile } from "../../models/runtimes/onnx-file.ts";

/** Of a side that the network leaves free. */
const freeSide = 512;
const shipped = ["clouds/clouds-int8", "clouds-swir/clouds-swir-int8", "ships-s2/ships-s2-int8"]
  .map((path) => `models/${path}.onnx`)
  .filter((path) => existsSync(path));
const given = process.argv.slice(2);

const table = new Table({
  head: ["network", "input", "integer ms", "float ms", "float / integer", "largest difference"],
  style: { head: [], border: [], compact: true },
});
for (const path of given.length > 0 ? given : shipped) {
  const bytes = new Uint8Array(await readFile(path));
  const { inputs, outputs } = readOnnxFile(bytes, path);
  const wanted = {
    inputName: inputs[0]?.name ?? "",
    outputNames: outputs.slice(0, 1).map(({ name }) => name),
  };
  const shape = (inputs[0]?.shape ?? []).map((side, i) =>
    typeof side === "number" ? side : i === 0 ? 1 : freeSide,
  );
  const input = Float32Array.from({ length: shape.reduce((product, side) => product * side, 1) }, (_, i) =>
    Math.abs(Math.sin(i * 0.37) * Math.cos(i * 0.011) * 0.2),
  );
  const measured = [];
  for (const quantised of ["integer", "float"] as const) {
    const session = await openOnnxSession(bytes.slice(), wanted, path, { quantised });
    let [best, data] = [Number.POSITIVE_INFINITY, new Float32Array()];
    for (let run = 0; run < 7; run += 1) {
      const began = performance.now();
      const answer = await session.run(input, shape);
      best = Math.min(best, performance.now() - began);
      data = Float32Array.from(answer.values().next().value?.data ?? []);
    }
    measured.push({ best, data });
    await session.release();
  }
  const [integer, float] = measured as [(typeof measured)[0], (typeof measured)[0]];
  const apart = integer.data.reduce((most, v, i) => Math.max(most, Math.abs(v - (float.data[i] ?? 0))), 0);
  table.push([
    basename(path),
    shape.join(" × "),
    integer.best.toFixed(2),
    float.best.toFixed(2),
    (float.best / integer.best).toFixed(2),
    apart.toPrecision(2),
  ]);
}
console.log(table.toString());
