/**
 * Damages what encoders of the link and of the bus made, and has every decoder read it: each mutant is read or refused with a `SwathError`, in bounded
 * time and memory.
 *
 *     npm run bench:decoders [-- --mutants 100000]
 */
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { isSwathError } from "../../pipeline/errors.ts";
import { decoderCases, mutantFor } from "../conformance/decoders.ts";
import { reportFigures } from "./figures.ts";

const { values } = parseArgs({ options: { mutants: { type: "string", default: "100000" } } });
const cases = await decoderCases();
const shares = cases.reduce((sum, { share }) => sum + share, 0);
const table = new Table({ head: ["decoder", "mutants", "read", "refused", "slowest ms"] });
let total = 0;
let wild = 0;
for (const decoder of cases) {
  const count = Math.ceil((Number(values.mutants) * decoder.share) / shares);
  let read = 0;
  let refused = 0;
  let slowest = 0;
  for (let n = 0; n < count; n++) {
    const mutant = mutantFor(decoder, n);
    const began = performance.now();
    try {
      await decoder.read(mutant);
      read++;
    } catch (error) {
      if (isSwathError(error)) refused++;
      else {
        wild++;
        console.error(`${decoder.name}, mutant ${n}: ${String(error)}`);
      }
    }
    slowest = Math.max(slowest, performance.now() - began);
  }
  total += count;
  table.push([decoder.name, count, read, refused, slowest.toFixed(1)]);
}
console.log(table.toString());
const megabytes = process.resourceUsage().maxRSS / 1000;
reportFigures([
  {
    what: `of ${total.toLocaleString("en")} mutants of messages, those that end in no error of ours`,
    value: wild,
    unit: "mutants",
    bar: { most: 0 },
  },
  { what: "memory of their decoders", value: megabytes, unit: "MB", bar: { most: 500 } },
]);
