// A shipped detector measured on labelled scenes, from a program: `node examples/check.mjs [dataset]`.
import { checkModel, inspectModel, openDataset } from "swath";

const [reference = "builtin:harbour?scenes=2&size=512"] = process.argv.slice(2);
const { name, card } = await inspectModel("ships-s2");
console.log(`${name} ${card.version}: ${card.classes.join(", ")}`);

const dataset = await openDataset(reference);
console.log(`${dataset.scenes.length} scenes: ${dataset.scenes.map(({ id }) => id).join(", ")}`);

await dataset[Symbol.asyncDispose]();

const { result } = await checkModel({ model: "ships-s2", dataset: reference });
const { quality, speed } = result;
console.log(
  `AP50 ${quality.ap50?.toFixed(2)}, F1 ${quality.f1?.toFixed(2)} at the threshold; ${speed.tiles} tiles`,
);
