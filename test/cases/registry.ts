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
 * Cases that no check here tries, each with the reason. They are of the bus and not of an input: trying them takes servers and several
 * runs at once, which the tests of the bus start.
 */
export const triedElsewhere: Readonly<Record<string, string>> = {
  "field/n01-same-run-name-other-data-at-once":
    "two runs on one NATS server: test/integration/two-users.test.ts",
  "field/n03-failed-run-blocks-the-server":
    "a NATS server whose store is full: test/integration/full-server.test.ts",
  "field/n06-leaf-node-domain-and-inbox":
    "a leaf node and an inbox prefix: test/pipeline/bus/connection.test.ts",
};
