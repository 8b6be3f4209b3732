import type { CaseCheck } from "./case.ts";
import { hostile } from "./hostile.ts";
import { labels } from "./labels.ts";
import { models } from "./models.ts";
import { orbits } from "./orbits.ts";
import { places } from "./places.ts";
import { scenes } from "./scenes.ts";
import { validity } from "./validity.ts";
import { values } from "./values.ts";

/**
 * Every check, by kind. To add one: put a `CaseCheck` into the file of its kind (`values.ts`, `labels.ts`, …). It names its folder below
 * `../shared/cases`, what is right there, and a function that tries Swath on it.
 */
export const kinds: Readonly<Record<string, readonly CaseCheck[]>> = {
  places,
  values,
  validity,
  scenes,
  labels,
  models,
  orbits,
  hostile,
};

/**
 * False while some folders still have no check or a wrong answer: the test then lists them without failing. Whoever mends the
 * last one makes it true; from then on a wrong answer, or a new folder without a check, fails.
 */
export const everyCaseIsRight: boolean = false;
