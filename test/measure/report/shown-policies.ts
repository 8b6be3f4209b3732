/** The policies of the made-up runs that reports are tried on. */
export const policyNames = ["raw", "compress", "screen", "detect", "chips", "adaptive"] as const;

export type PolicyName = (typeof policyNames)[number];
