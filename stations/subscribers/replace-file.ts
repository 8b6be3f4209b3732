import { renameSync, writeFileSync } from "node:fs";

/** Puts a file, readable by its owner alone, in the place of the old one in one step: who reads it finds the one or the other, whole. */
export const replaceFile = (file: string, text: string): void => {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};
