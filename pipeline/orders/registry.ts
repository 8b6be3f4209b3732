import { cue } from "./kinds/cue.ts";
import { look } from "./kinds/look.ts";
import { modelActivate } from "./kinds/model-activate.ts";
import { modelInstall, modelPiece } from "./kinds/model-install.ts";
import { parameter } from "./kinds/parameter.ts";
import { pixels } from "./kinds/pixels.ts";

/** Everything that a satellite can be ordered to do. The place of a kind here is its number on the uplink: new ones go to the end. */
export const orderKinds = [look, cue, pixels, modelInstall, modelActivate, parameter, modelPiece] as const;
