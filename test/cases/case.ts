import { type Catalogue, type CatalogueOptions } from "../../datasets/catalogue.ts";
import { catalogue } from "../../datasets/dataset.ts";
import { isSwathError } from "../../pipeline/errors.ts";

/** How an answer stands to the right one. `refused`: said by name that there is none, where a refusal is right too. */
export type Verdict = "right" | "refused" | "wrong";

/** What Swath says to a case. */
export interface Answer {
  /** In one line, for the table. */
  readonly ours: string;
  readonly isRight: boolean;
}

/** One folder (or file) of `../shared/cases`, and how to try Swath on it. */
export interface CaseCheck {
  /** Below `../shared/cases`, e.g. `imagery/crs-28992-datum`. */
  readonly of: string;
  /** The right answer in one line, as the case's own note has it. */
  readonly right: string;
  /** True where one clear line of refusal is as good as the right answer: a `SwathError` then counts as `refused`. */
  readonly mayRefuse?: boolean;
  /** Tries it. `path` is the case's folder or file. May throw: a `SwathError` is a refusal, anything else is wrong. */
  readonly ask: (path: string) => Promise<Answer> | Answer;
}

/** An answer that is right when it is `right` to the letter. */
export const exactly = (ours: string, right: string): Answer => ({ ours, isRight: ours === right });

/** Opens a case as a dataset: what `swath dataset info` would say of it. */
export const openCase = (path: string, options: CatalogueOptions = {}): Promise<Catalogue> =>
  catalogue(path, options);

/** A check's answer with its verdict; never throws. */
export const judge = async (
  { ask, mayRefuse = false }: CaseCheck,
  path: string,
): Promise<{ readonly ours: string; readonly verdict: Verdict }> => {
  try {
    const { ours, isRight } = await ask(path);
    return { ours, verdict: isRight ? "right" : "wrong" };
  } catch (error) {
    if (isSwathError(error)) return { ours: error.message, verdict: mayRefuse ? "refused" : "wrong" };
    return { ours: `fails: ${error instanceof Error ? error.message : "?"}`, verdict: "wrong" };
  }
};
