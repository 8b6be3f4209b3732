import { frameDataBytes } from "./frame.ts";
import { macBytes, securityHeaderBytes } from "./frame-security.ts";

/**
 * How frames are protected: `auth` lets nobody alter or invent one, `encrypt` lets nobody read one either. After the manner of
 * CCSDS 355.0-B, with its baseline algorithms (CCSDS 352.0-B): AES-256-CMAC, AES-256-GCM.
 */
export type LinkProtection = "none" | "auth" | "encrypt";

/** All of them, weakest first. */
export const linkProtections: readonly LinkProtection[] = ["none", "auth", "encrypt"];

/** What security header and trailer take of every frame, down and up: 22 bytes, or none. */
export const protectionBytes = (protection: LinkProtection): number =>
  protection === "none" ? 0 : securityHeaderBytes + macBytes;

/** What one frame down carries of pieces, headers of pieces included. */
export const frameRoom = (protection: LinkProtection): number => frameDataBytes - protectionBytes(protection);
