import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BusGuard, BusOptions } from "../../pipeline/bus/connection.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { deriveLinkKey, readKeyFile, type KeyFile } from "../../pipeline/keys/key-file.ts";
import type { Role } from "../../pipeline/keys/roles.ts";
import { openSeal } from "../../pipeline/keys/seal.ts";
import { readTrust, type TrustList } from "../../pipeline/keys/trust.ts";
import { reserveBlock } from "../../pipeline/link/security/counter-file.ts";
import type { LinkKey } from "../../pipeline/link/security/link-key.ts";
import { centreName, type LinkKeys, type LinkSecurity } from "../../pipeline/link/security/link-security.ts";
import { reservedNumbers, type SequenceNumbers } from "../../pipeline/link/security/sequence.ts";
import type { OnRefused } from "../../pipeline/mission/refusal.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";

/** The keys of one that takes part, and the list of those that it trusts. */
export interface NodeKeys {
  readonly path: string;
  readonly file: KeyFile;
  readonly trust: TrustList;
  readonly links: LinkKeys;
}

/** What the list of trust is called, beside the keys. */
export const trustFile = "trust.json";
/** The folder that remembers which link numbers are used. */
export const counterFolder = "counters";

/** Role names that have one key each. */
export const keyNameOf = (role: Role, name: string): string =>
  role === "satellite" || role === "station" ? name : role;

/** The link keys that a holder has of a satellite and that the list of trust takes, newest first. */
const linkKeysOf = (
  { path, file, trust }: Omit<NodeKeys, "links">,
  satellite: string,
): readonly LinkKey[] => {
  const taken = trust.links[satellite] ?? [];
  const newestFirst = taken.toSorted((a, b) => b - a);
  const { master } = file;
  if (master !== null && taken.length > 0)
    return newestFirst.map((generation) => deriveLinkKey(master, satellite, generation));
  const own =
    file.name === satellite ? file.links.filter(({ generation }) => taken.includes(generation)) : [];
  if (own.length > 0) return own;
  const held = file.name === satellite ? file.links.map(({ generation }) => generation).join(", ") : "";
  throw new SwathError("config", {
    what: `key ${path}: link of satellite ${satellite}`,
    wanted:
      taken.length === 0 ? "a satellite that swath keys init was told of" : `key ${newestFirst.join(" or ")}`,
    got: held === "" ? "none" : `key ${held}, which was replaced`,
    hint: "swath keys init and swath keys roll make them: copy the new key file and trust.json",
  });
};

const readTrustBeside = (path: string, { operator }: KeyFile): TrustList => {
  const beside = join(dirname(path), trustFile);
  let text: string;
  try {
    text = readFileSync(beside, "utf8");
  } catch (cause) {
    throw new SwathError("config", {
      what: `no ${trustFile} beside key ${path}`,
      got: messageOf(cause),
      hint: "copy it from where swath keys made this key: it is public",
      cause,
    });
  }
  return readTrust(text, operator, beside);
};

/**
 * Reads a key file, and the list of trust beside it. Throws `SwathError("config")` for a key that is none, that everybody can read, out of
 * its time, or not on the list any more.
 */
export const openNodeKeys = (path: string): NodeKeys => {
  const file = readKeyFile(path, new Date());
  const trust = readTrustBeside(path, file);
  const { role, name, signing } = file;
  const isListed = trust.members.some(
    (one) => one.role === role && one.name === name && one.key === signing.publicKey,
  );
  if (!isListed) {
    throw new SwathError("config", {
      what: `key ${path}`,
      wanted: `one that ${trustFile} names for ${name}`,
      got: "another, or one that was replaced",
      hint: "copy the new key file and trust.json",
    });
  }
  const senders = new Map<string, SequenceNumbers>();
  const counters = join(dirname(path), counterFolder);
  const links: LinkKeys = {
    keysOf: (satellite) => linkKeysOf({ path, file, trust }, satellite),
    numbersOf: (sender) => {
      const numbers = senders.get(sender) ?? reservedNumbers(sender, () => reserveBlock(counters, sender));
      senders.set(sender, numbers);
      return numbers;
    },
  };
  return { path, file, trust, links };
};

/** Refuses the key of another. Throws `SwathError("config")`. */
export const requireRole = ({ path, file }: NodeKeys, role: Role, name: string): void => {
  if (file.role === role && (file.name === name || name === role)) return;
  throw new SwathError("config", {
    what: `key ${path}`,
    wanted: `that of ${keyNameOf(role, name)} (${role})`,
    got: `that of ${file.name} (${file.role})`,
  });
};

/** What a connection of its owner signs and checks. */
export const guardOf = ({ file, trust }: NodeKeys, onRefused: OnRefused): BusGuard => ({
  seal: openSeal(file.name, file.signing, trust),
  node: file.name,
  onRefused,
});

/** How its owner logs in at a server that was started with the configuration of `swath keys init`. */
export const loginOf = ({ path, file }: NodeKeys): Pick<BusOptions, "nkey" | "inboxPrefix"> => ({
  nkey: path,
  inboxPrefix: `_INBOX_${file.name}`,
});

/**
 * How a run's links are protected for the owner of keys; `null` where they are not. Throws `SwathError("config")` where a plan protects them and
 * there are no keys.
 */
export const linkSecurityOf = (
  keys: NodeKeys | null,
  { protection, stations, runId }: RunPlan,
  busRun: string,
): LinkSecurity | null => {
  if (protection === "none") return null;
  if (keys === null) {
    throw new SwathError("config", {
      what: `run ${runId} protects its links (--link-security ${protection})`,
      wanted: "--keys",
      got: "none",
      hint: "swath keys init makes keys; a satellite or station takes its own file",
    });
  }
  return { ...keys.links, protection, run: busRun, grounds: [centreName, ...stations.map(({ id }) => id)] };
};
