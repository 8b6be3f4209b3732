import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { deriveLinkKey, readKeyFile, writeKeyFile, type KeyFile } from "../../pipeline/keys/key-file.ts";
import { makeKey, readSeed, type SigningKey } from "../../pipeline/keys/nkey.ts";
import { roles, type Role } from "../../pipeline/keys/roles.ts";
import { readTrust, writeTrust, type Member, type TrustList } from "../../pipeline/keys/trust.ts";
import { readSecretFile } from "../../pipeline/secret-file.ts";
import { keysReadme } from "./keys-readme.ts";
import { trustFile } from "./node-keys.ts";
import { serverConfiguration } from "./server-configuration.ts";

/** Who is to have keys, and for how long. */
export interface KeyRequest {
  readonly satellites: readonly string[];
  readonly stations: readonly string[];
  readonly days: number;
}

/** What was made. */
export interface KeysMade {
  readonly folder: string;
  readonly keys: number;
  readonly notAfter: string;
}

const operatorFile = "operator.nk";
const configurationFile = "nats-server.conf";

const requireNames = (what: string, names: readonly string[]): void => {
  const taken = new Set<string>([...roles, "operator"]);
  for (const name of names) {
    const isName = /^[A-Za-z0-9_-]{1,128}$/.test(name);
    if (isName && !taken.has(name)) {
      taken.add(name);
      continue;
    }
    throw new SwathError("config", {
      what,
      wanted: "names of letters, digits, - and _, each once, none of them that of a role",
      got: `"${name}"`,
    });
  }
};

const writeFailed = (folder: string, cause: unknown): SwathError =>
  new SwathError("storage", { what: `cannot write keys to ${folder}`, got: messageOf(cause), cause });

/** Writes a file whole or not at all, readable by its owner alone, or by all where it holds no secret. */
const put = async (folder: string, name: string, text: string, mode: 0o600 | 0o644): Promise<void> => {
  const partial = join(folder, `.${name}.partial`);
  await writeFile(partial, text, { mode, flush: true });
  await chmod(partial, mode);
  await rename(partial, join(folder, name));
};

const spanOf = (days: number): Pick<KeyFile, "notBefore" | "notAfter"> => {
  const now = Math.floor(Date.now() / 1000) * 1000;
  // Clocks differ: a key made here must hold there at once.
  return {
    notBefore: new Date(now - 3_600_000).toISOString(),
    notAfter: new Date(now + days * 86_400_000).toISOString(),
  };
};

const isGround = (role: Role): boolean => role === "station" || role === "centre";

/** Everything that follows from the list of trust: it, the server's configuration, what to read. */
const putPublic = async (folder: string, trust: TrustList, operator: SigningKey): Promise<void> => {
  await put(folder, trustFile, writeTrust(trust, operator), 0o644);
  await put(folder, configurationFile, serverConfiguration(trust.members), 0o644);
  await put(folder, "README.md", keysReadme(trust.members), 0o644);
};

/**
 * Makes a folder of keys: one file for each that takes part, a signed list of who that is, and a configuration of nats-server by which each of them may
 * do what its role does and nothing else. Throws `SwathError("config")` where the folder holds keys already, and for names that are none;
 * `SwathError("storage")` where it cannot be written.
 */
export const makeKeys = async (
  folder: string,
  { satellites, stations, days }: KeyRequest,
): Promise<KeysMade> => {
  requireNames("--satellites and --stations", [...satellites, ...stations]);
  const single: readonly Role[] = roles.filter((role) => role !== "satellite" && role !== "station");
  const wanted: readonly Pick<Member, "role" | "name">[] = [
    ...single.map((role) => ({ role, name: role })),
    ...satellites.map((name) => ({ role: "satellite" as const, name })),
    ...stations.map((name) => ({ role: "station" as const, name })),
  ];
  const operator = makeKey("operator");
  const master = new Uint8Array(randomBytes(32));
  const span = spanOf(days);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const there = await readdir(folder);
    if (there.some((name) => name.endsWith(".nk"))) {
      throw new SwathError("config", {
        what: `folder ${folder}`,
        wanted: "one without keys",
        got: "one that holds some",
        hint: "take another folder, or renew those keys: swath keys roll",
      });
    }
    await chmod(folder, 0o700);
    await put(folder, operatorFile, `${operator.seed}\n${Buffer.from(master).toString("hex")}\n`, 0o600);
    const members: Member[] = [];
    for (const { role, name } of wanted) {
      const signing = makeKey("user");
      const links = role === "satellite" ? [deriveLinkKey(master, name, 1)] : [];
      const file: KeyFile = {
        role,
        name,
        signing,
        operator: operator.publicKey,
        links,
        master: isGround(role) ? master : null,
        ...span,
      };
      await put(folder, `${name}.nk`, writeKeyFile(file), 0o600);
      members.push({ role, name, key: signing.publicKey });
    }
    const links = Object.fromEntries(satellites.map((name) => [name, [1]]));
    await putPublic(
      folder,
      { schema: "swath-trust/1", operator: operator.publicKey, members, links },
      operator,
    );
    return { folder, keys: members.length, notAfter: span.notAfter };
  } catch (cause) {
    throw cause instanceof SwathError ? cause : writeFailed(folder, cause);
  }
};

const readOperator = (folder: string): { readonly operator: SigningKey; readonly master: Uint8Array } => {
  const path = join(folder, operatorFile);
  const [seed = "", secret = ""] = readSecretFile(path, "key").split("\n");
  if (!/^[0-9a-f]{64}$/.test(secret)) {
    throw new SwathError("config", {
      what: `key ${path}`,
      wanted: "a seed and a secret, as swath keys init writes them",
      got: "something else",
    });
  }
  return {
    operator: readSeed("operator", seed, `key ${path}`),
    master: new Uint8Array(Buffer.from(secret, "hex")),
  };
};

/** What was renewed. */
export interface KeysRolled extends KeysMade {
  /** The new link key of each satellite. */
  readonly generations: Readonly<Record<string, number>>;
}

/**
 * Gives satellites new link keys; the key before stays on the list, and stations take it until an hour of mission time after the first frame under
 * the new one. Older ones go. Throws as `makeKeys` does, and for a satellite that has no keys here.
 */
export const rollLinkKeys = async (
  folder: string,
  satellites: readonly string[] | null,
  days: number,
): Promise<KeysRolled> => {
  const { operator, master } = readOperator(folder);
  const span = spanOf(days);
  try {
    const text = await readFile(join(folder, trustFile), "utf8");
    const trust = readTrust(text, operator.publicKey, join(folder, trustFile));
    const known = Object.keys(trust.links);
    const unknown = satellites?.find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new SwathError("config", {
        what: "--satellites",
        wanted: `some of ${known.slice(0, 8).join(", ")}`,
        got: `"${unknown}"`,
      });
    }
    const chosen = satellites ?? known;
    const generations: Record<string, number> = {};
    const links: Record<string, readonly number[]> = { ...trust.links };
    for (const name of chosen) {
      const [newest = 0] = trust.links[name]?.toSorted((a, b) => b - a) ?? [];
      generations[name] = newest + 1;
      links[name] = [newest + 1, newest];
    }
    // The list first: who has it takes both keys, whichever a satellite has.
    await putPublic(folder, { ...trust, links }, operator);
    for (const name of chosen) {
      const path = join(folder, `${name}.nk`);
      const own = (links[name] ?? []).map((generation) => deriveLinkKey(master, name, generation));
      const file = readKeyFile(path, new Date());
      await put(folder, `${name}.nk`, writeKeyFile({ ...file, links: own, ...span }), 0o600);
    }
    return { folder, keys: chosen.length, notAfter: span.notAfter, generations };
  } catch (cause) {
    throw cause instanceof SwathError ? cause : writeFailed(folder, cause);
  }
};
