/** What ids and tenants are made of: they stand in subjects and file names. */
export const idPattern: RegExp = /^[A-Za-z0-9_-]{1,64}$/;

/** 1 goes first, this one last. */
export const lastPriority = 9;

/** The priority of an order that says none. */
export const usualPriority = 5;

/** The tenant of an order that says none: who flies the mission. */
export const usualTenant = "mission";

/** Signer and Ed25519 signature in base64url. */
export const signaturePattern: RegExp = /^[A-Za-z0-9_-]{1,128}:[A-Za-z0-9_-]{86}$/;
