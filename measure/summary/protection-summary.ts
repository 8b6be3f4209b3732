import { z } from "zod";
import { protectionBytes, type LinkProtection } from "../../pipeline/link/frames/link-protection.ts";

/** Zod schema of how a link was protected; absent where nothing did. */
export const protectionSchema = z
  .strictObject({
    kind: z.enum(["auth", "encrypt"]).describe("AES-256-CMAC, or AES-256-GCM"),
    bytesPerFrame: z.int().positive().describe("Security header and trailer of each frame; part of framing"),
  })
  .describe("Security of frames down and up; absent where there was none");

/** The field of a summary's `link` that says so: none where nothing is protected. */
export const protectionSummary = (
  protection: LinkProtection,
): { readonly protection?: z.infer<typeof protectionSchema> } =>
  protection === "none"
    ? {}
    : { protection: { kind: protection, bytesPerFrame: protectionBytes(protection) } };
