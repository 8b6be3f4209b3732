/** What a command may do with models: list those that come with Swath, look into a file, and write a card for one. */
export { shippedModels } from "../../models/card/location.ts";
export {
  describeModel,
  inspectModel,
  type ModelInspection,
  type TensorDescription,
} from "../../models/inspection.ts";
export { addModel, type AddRequest } from "../../models/model-folder.ts";
