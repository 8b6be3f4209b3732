import { SwathError } from "../../pipeline/errors.ts";
import type { ModelCard } from "../card/card.ts";
import type { CardHead } from "../heads/card-head.ts";
import type { Evidence } from "../heads/evidence.ts";
import { recogniseHead } from "../heads/recognition.ts";
import type { Recognised } from "../heads/recognised.ts";
import { headSchema, settleHead } from "../heads/card-head.ts";
import { isWholeType } from "../runtimes/element-types.ts";
import type { Trial, TrialRules } from "./trial.ts";

/**
 * Where a card's head is from: stated on a card, said of a file by somebody who adds it, or not at all: the trial tells it.
 * What a card leaves out is as documented where the values allow it; what nobody has said is asked about.
 */
export type HeadSource = "card" | "request" | "trial";

/** A tile larger than this is not needed to see what a network answers. */
const largestTrialPx = 1024;

/** Values that pixels of a land scene have, in a card's units. */
const usualValues = { uint8: [0, 255], reflectance: [0, 0.5], dn: [0, 4000] } as const;

/** The trial tile of a card's network. */
export const trialOf = ({ units, input, bands, tile }: ModelCard): TrialRules => {
  const [least, most] = usualValues[units];
  const at = (value: number, i: number): number =>
    (value * input.scale - (input.mean[i] as number)) / (input.std[i] as number);
  const side = (length: number): number =>
    length <= largestTrialPx ? length : Math.max(1, Math.floor(512 / tile.multipleOfPx)) * tile.multipleOfPx;
  return {
    sizePx: { width: side(tile.sizePx), height: side(tile.heightPx ?? tile.sizePx) },
    low: bands.map((_, i) => at(least, i)),
    high: bands.map((_, i) => at(most, i)),
  };
};

const evidenceOf = (trial: Trial, rest: Omit<Evidence, "outputs" | "inputPx">): Evidence => ({
  ...rest,
  outputs: new Map(trial.outputs),
  inputPx: trial.inputPx,
});

/** What of a card's network a trial does not tell. */
export interface Stated {
  readonly card: ModelCard;
  readonly headFrom: HeadSource;
  /** Fields of a head that the trial tells. */
  readonly headOptions?: Readonly<Record<string, unknown>>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Names the model in messages. */
  readonly where: string;
}

/** A head that was inferred from a network's outputs. */
export interface ToldHead {
  readonly head: CardHead;
  /** Why it is this one, in a phrase. */
  readonly why: string;
}

/**
 * The head by which a card's network is read, after its trial: the one answer to "does it run as it is" of `inspect`, `add`, `check` and
 * every run. Throws `SwathError("model")`, with shapes or values, where no head fits for certain.
 */
export const headFromTrial = (
  { card, headFrom, headOptions = {}, metadata, where }: Stated,
  trial: Trial,
): ToldHead => {
  requireWholeInput(card, trial, where);
  const classCount = card.classes.length;
  const evidence = evidenceOf(trial, { metadata, classCount, isStated: headFrom === "card", where });
  if (headFrom !== "trial") {
    refuseMisread(card.head, evidence);
    return { head: settleHead(card.head, evidence), why: "as its card states" };
  }
  const channels = classCount + (headOptions["background"] === undefined ? 0 : 1);
  const { kind, fields, why } = recogniseHead({ ...evidence, classCount: channels });
  return { head: settleHead(headOf(kind, { ...fields, ...headOptions }, where), evidence), why };
};

/** Fields as a card has them. Throws `SwathError("model")` for those that the head does not have. */
const headOf = (kind: string, fields: Readonly<Record<string, unknown>>, where: string): CardHead => {
  const parsed = headSchema.safeParse({ kind, ...fields });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SwathError("model", {
    what: `head ${kind} of ${where}`,
    got: `head.${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
  });
};

/** The head that a file without a card would take. Throws `SwathError("model")` where none fits for certain. */
export const recogniseFromTrial = (
  trial: Trial,
  classCount: number | null,
  metadata: ReadonlyMap<string, string>,
  where: string,
): Recognised => recogniseHead(evidenceOf(trial, { metadata, classCount, isStated: false, where }));

/** A card that says `yolo` or `detr` of rows after suppression would take classes for scores: it finds nothing, or all too surely. */
const refuseMisread = (head: CardHead, evidence: Evidence): void => {
  const isTable = head.kind === "detr" || (head.kind === "yolo" && head.layout === "auto");
  if (!isTable || head.outputs !== undefined) return;
  let other: Recognised;
  try {
    other = recogniseHead(evidence);
  } catch (error) {
    if (error instanceof SwathError) return;
    throw error;
  }
  if (other.kind !== "suppressed") return;
  throw new SwathError("model", {
    what: `head of ${evidence.where}`,
    wanted: "suppressed",
    got: `${head.kind}, but ${other.why}`,
    hint: 'head.kind "suppressed" reads it; head.layout v5 or v8 insists on yolo',
  });
};

/** Steps that a whole input should have at least between the darkest and the brightest pixel. */
const fewestSteps = 16;

/** A network that takes whole numbers and is given 0…1 sees two colours. Throws `SwathError("model")`. */
const requireWholeInput = (card: ModelCard, { inputType }: Trial, where: string): void => {
  const { dtype, scale } = card.input;
  if (dtype !== undefined && dtype !== inputType) {
    throw new SwathError("model", { what: `input.dtype of ${where}`, wanted: inputType, got: dtype });
  }
  if (!isWholeType(inputType)) return;
  const { low, high } = trialOf(card);
  const steps = Math.min(...low.map((least, i) => (high[i] as number) - least));
  if (steps >= fewestSteps) return;
  throw new SwathError("model", {
    what: `scaling of ${where}`,
    wanted: `whole numbers for its ${inputType} input`,
    got: `${Math.min(...low)}…${Math.max(...high)} by scale ${scale}`,
    hint: "a network that takes whole numbers scales them itself: scale 1, mean 0, std 1",
  });
};
