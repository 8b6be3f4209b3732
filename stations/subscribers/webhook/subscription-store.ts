import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, SwathError } from "../../../pipeline/errors.ts";
import { replaceFile } from "../replace-file.ts";

const ring = z.array(z.tuple([z.number(), z.number()]));
const filterSchema = z.object({
  area: z
    .object({
      polygons: z.array(z.array(ring)),
      boxes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
    })
    .nullable(),
  classes: z.array(z.string()).nullable(),
  minScore: z.number(),
  run: z.string().nullable(),
  satellites: z.array(z.string()).nullable(),
  sinceMs: z.number().nullable(),
});

const subscriptionSchema = z.object({
  schema: z.literal("swath-subscription/1"),
  name: z.string(),
  webhook: z.string(),
  /** Text of the secret's file; `null`: calls are not signed. */
  secret: z.string().nullable(),
  filter: filterSchema,
  /** Detections per second at most, or `null`. */
  perSecond: z.number().nullable(),
  /** Tries before a detection goes to the dead letters. */
  attempts: z.int().min(1),
  /** Inner addresses are allowed. */
  allowPrivate: z.boolean(),
});

/** A webhook that wants detections. */
export type WebhookSubscription = z.infer<typeof subscriptionSchema>;

const letterSchema = z.object({
  seq: z.int(),
  id: z.string(),
  /** ISO 8601: when it was given up. */
  given_up_at: z.string(),
  attempts: z.int(),
  reason: z.string(),
  text: z.string(),
});

/** A detection that a webhook did not take. */
export type DeadLetter = z.infer<typeof letterSchema>;

/** Subscriptions and their dead letters in a folder. What a call returned from outlives the process. */
export interface SubscriptionStore {
  readonly all: () => readonly WebhookSubscription[];
  put(subscription: WebhookSubscription): void;
  remove(name: string): void;
  letters(name: string): readonly DeadLetter[];
  /** How many these are, without reading them. */
  letterCount(name: string): number;
  addLetter(name: string, letter: DeadLetter): void;
  setLetters(name: string, letters: readonly DeadLetter[]): void;
}

/** Opens a folder of subscriptions, whose files are their owner's alone: secrets are in them. Throws `SwathError("storage")`. */
export const openSubscriptions = (folder: string, note: (text: string) => void): SubscriptionStore => {
  const known = new Map<string, WebhookSubscription>();
  const counts = new Map<string, number>();
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      if (cause instanceof SwathError) throw cause;
      throw new SwathError("storage", {
        what: `cannot keep subscriptions in ${folder}`,
        got: messageOf(cause),
        cause,
      });
    }
  };
  const replace = (file: string, text: string): void => guarded(() => replaceFile(file, text));
  const fileOf = (name: string): string => join(folder, `${name}.json`);
  const lettersOf = (name: string): string => join(folder, `${name}.dead`);
  guarded(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  for (const name of guarded(() => readdirSync(folder)).filter((one) => one.endsWith(".json"))) {
    try {
      const subscription = subscriptionSchema.parse(JSON.parse(readFileSync(join(folder, name), "utf8")));
      known.set(subscription.name, subscription);
    } catch (error) {
      note(
        `left out: ${join(folder, name)} is no subscription: ${error instanceof z.ZodError ? "another layout" : messageOf(error)}`,
      );
    }
  }
  const letters = (name: string): readonly DeadLetter[] => {
    if (!existsSync(lettersOf(name))) return [];
    const lines = guarded(() => readFileSync(lettersOf(name), "utf8")).split("\n");
    return lines.flatMap((line) => {
      // A crash may have left half of the last line: that detection is still ahead of the webhook's cursor.
      try {
        return [letterSchema.parse(JSON.parse(line))];
      } catch {
        return [];
      }
    });
  };
  const letterCount = (name: string): number => {
    const count = counts.get(name) ?? letters(name).length;
    counts.set(name, count);
    return count;
  };
  return {
    all: () => [...known.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    put(subscription) {
      replace(fileOf(subscription.name), JSON.stringify(subscription));
      known.set(subscription.name, subscription);
    },
    remove(name) {
      guarded(() => {
        rmSync(fileOf(name), { force: true });
        rmSync(lettersOf(name), { force: true });
      });
      known.delete(name);
      counts.delete(name);
    },
    letters,
    letterCount,
    addLetter(name, letter) {
      counts.set(name, letterCount(name) + 1);
      guarded(() => appendFileSync(lettersOf(name), `${JSON.stringify(letter)}\n`, { mode: 0o600 }));
    },
    setLetters(name, left) {
      counts.set(name, left.length);
      replace(lettersOf(name), left.map((letter) => `${JSON.stringify(letter)}\n`).join(""));
    },
  };
};
