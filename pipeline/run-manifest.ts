import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalText } from "./canonical-json.ts";
import { SwathError } from "./errors.ts";
import { commit, version } from "./package.ts";

/** Name of the file that says what a run's folder holds. */
export const manifestFile = "manifest.json";

/** Version of its layout. */
export const manifestVersion = "swath-manifest/1";

const entrySchema = z.strictObject({
  /** Relative to the folder, `/` between parts. */
  path: z.string().min(1).max(4096),
  bytes: z.int().nonnegative(),
  /** Hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifestSchema = z.strictObject({
  schema: z.literal(manifestVersion),
  /** Release that wrote it. */
  swath: z.string(),
  /** Of the clone that wrote it; `null` for an installed package. */
  commit: z.string().nullable(),
  files: z.array(entrySchema).max(1_000_000),
});

/** What a run's folder holds, by path, with the digest of each file; files that people may change later are no part of it. */
export type RunManifest = z.infer<typeof manifestSchema>;

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === "string" ? Buffer.from(content) : content;

const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/** The manifest of files that are about to be written, as text; the same files always give the same text. */
export const manifestText = (
  files: readonly {
    readonly path: string;
    readonly content: string | Uint8Array;
    readonly mutable?: boolean;
  }[],
): string => {
  const entries = files
    .filter(({ mutable }) => mutable !== true)
    .map(({ path, content }) => {
      const bytes = bytesOf(content);
      return { path, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
    });
  return canonicalText({ schema: manifestVersion, swath: version, commit, files: entries.toSorted(byPath) });
};

/** Reads a manifest. Throws `SwathError("storage")` where it is none; `from` names the file. */
export const parseManifest = (text: string, from: string): RunManifest => {
  const refuse = (got: string, cause?: unknown): SwathError =>
    new SwathError("storage", { what: from, wanted: `a ${manifestVersion}`, got, cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse("no JSON", cause);
  }
  const { success, data, error } = manifestSchema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw refuse(`${issue?.path.join(".") || "another layout"}: ${issue?.message ?? "unknown"}`, error);
};
