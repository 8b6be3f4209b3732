import type { FrameRefusal, OpenFrame, SealFrame } from "../frames/frame-security.ts";
import type { LinkProtection } from "../frames/link-protection.ts";
import { SwathError } from "../../errors.ts";
import { instant, type Instant } from "../../units.ts";
import { openSendingEnd, ReceivingEnd, type SendingEnd } from "./associations.ts";
import { frameOpener, frameReader, frameSealer } from "./frame-protection.ts";
import type { LinkChannel, LinkKey } from "./link-key.ts";
import type { SequenceNumbers } from "./sequence.ts";
import {
  telecommandOpener,
  telecommandSealer,
  type OpenTelecommand,
  type SealTelecommand,
} from "./telecommand-protection.ts";

/** The secrets that a node holds. */
export interface LinkKeys {
  /** Of a satellite, newest first. Throws `SwathError("config")` where the node has none of it. */
  readonly keysOf: (satellite: string) => readonly LinkKey[];
  /** The numbers of one sender, by its name; the same ones for as long as the process lives. */
  readonly numbersOf: (sender: string) => SequenceNumbers;
}

/** How the links of one run are protected. */
export interface LinkSecurity extends LinkKeys {
  readonly protection: Exclude<LinkProtection, "none">;
  /** As its streams are called. */
  readonly run: string;
  /** Who speaks and listens on the ground: the mission centre, then the stations in the order of the plan. */
  readonly grounds: readonly string[];
}

/** What the mission centre is called among the ends on the ground. */
export const centreName = "centre";

const channelOf = (
  { run, grounds }: LinkSecurity,
  satellite: string,
  direction: "down" | "up",
  ground: string,
): LinkChannel => {
  const groundIndex = grounds.indexOf(ground);
  if (groundIndex >= 0) return { run, satellite, direction, ground, groundIndex };
  throw new SwathError("link", { what: `no key for ${ground}`, wanted: "a station of the plan" });
};

const newestOf = (security: LinkSecurity, satellite: string): LinkKey => {
  const [newest] = security.keysOf(satellite);
  if (newest === undefined) throw new SwathError("config", { what: `no link key of satellite ${satellite}` });
  return newest;
};

/** One of each kind a key, made when it is first asked for. */
const kept = <T>(make: (name: string) => T): ((name: string) => T) => {
  const known = new Map<string, T>();
  return (name) => {
    const value = known.get(name) ?? make(name);
    known.set(name, value);
    return value;
  };
};

/** What a satellite's radio needs to protect what it sends; numbers run on over stations and contacts. */
export interface FrameGuard {
  readonly protection: LinkProtection;
  /** For a station. */
  readonly seal: (station: string) => SealFrame;
  /** Looks into what was sealed for a station. */
  readonly read: (station: string) => OpenFrame;
}

/** The sending end on board. */
export const openFrameGuard = (security: LinkSecurity, satellite: string): FrameGuard => {
  const newest = newestOf(security, satellite);
  const end = kept((station: string): SendingEnd =>
    openSendingEnd(
      security.protection,
      channelOf(security, satellite, "down", station),
      newest,
      security.numbersOf(`${satellite}.${newest.generation}.down`),
    ),
  );
  return {
    protection: security.protection,
    seal: kept((station) => frameSealer(end(station))),
    read: kept((station) => frameReader(end(station))),
  };
};

/** The receiving end at a station for one satellite; `at` says when what is being opened was sent. */
export const openFrameGate = (
  security: LinkSecurity,
  satellite: string,
  station: string,
  at: () => Instant,
): OpenFrame => {
  const channel = channelOf(security, satellite, "down", station);
  return frameOpener(new ReceivingEnd(security.protection, channel, security.keysOf(satellite)), at);
};

/** What a station or the centre needs to protect what it sends up, by satellite. */
export const openTelecommandGuard = (
  security: LinkSecurity,
  ground: string,
): ((satellite: string) => SealTelecommand) =>
  kept((satellite) => {
    const newest = newestOf(security, satellite);
    const numbers = security.numbersOf(`${satellite}.${newest.generation}.up.${ground}`);
    const channel = channelOf(security, satellite, "up", ground);
    return telecommandSealer(openSendingEnd(security.protection, channel, newest, numbers));
  });

/** The receiving end on board for all that speak to the satellite; what was sent at a moment. */
export const openTelecommandGate = (
  security: LinkSecurity,
  satellite: string,
): ((at: Instant) => OpenTelecommand) => {
  const end = kept(
    (ground) =>
      new ReceivingEnd(
        security.protection,
        channelOf(security, satellite, "up", ground),
        security.keysOf(satellite),
      ),
  );
  const endOf = (spi: number): ReceivingEnd | undefined => {
    const ground = security.grounds[(spi & 0xfff) >> 1];
    return (spi & 1) === 1 && ground !== undefined ? end(ground) : undefined;
  };
  return (at) => telecommandOpener(endOf, instant(at));
};

/** A message that was refused, and why: not genuine, or not one that this release reads. */
export interface Refused {
  readonly kind: "refused";
  readonly reason: FrameRefusal | "unreadable";
}
