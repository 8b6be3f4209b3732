/** What `import … from "swath"` gives. */
export { openDataset, type Dataset, type DatasetOptions } from "./datasets/dataset.ts";
export { openModel, type Model, type ModelOptions } from "./models/model.ts";
export { inspectModel, type ModelInspection } from "./models/inspection.ts";
export { type ErrorParts, type ErrorTag, isSwathError, SwathError } from "./pipeline/errors.ts";
export type { Detection, Label } from "./pipeline/detection/detection.ts";
export type { Contact, ContactPlan, GroundStation } from "./pipeline/orbit/contact.ts";
export type { Satellite } from "./pipeline/orbit/satellite.ts";
export type { Scene, SceneReader } from "./pipeline/raster/scene.ts";
export { version } from "./pipeline/package.ts";
export * from "./pipeline/units.ts";
export { planContacts } from "./planning/contacts/contact-plan.ts";
export type { ContactRequest } from "./planning/contacts/contact-request.ts";
export { resolveStations } from "./planning/contacts/station-list.ts";
export { resolveConstellation } from "./planning/orbits/constellation.ts";
export * from "./studies/answer.ts";
export type { CheckProgress, Checked } from "./studies/check.ts";
export type { SimulationResult } from "./studies/folder/fleet-files.ts";
export type { FleetProgress, Notes, Progress } from "./studies/progress.ts";
export {
  checkModel,
  compare,
  type LibraryPorts,
  type ModelCheckRequest,
  replay,
  type RunRequest,
  type RunResult,
  simulate,
  type SimulationRequest,
  writeRun,
} from "./studies/requests.ts";
export { subscribe, type SubscribeRequest } from "./studies/subscribe.ts";
