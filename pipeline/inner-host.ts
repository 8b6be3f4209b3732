import { BlockList, isIP } from "node:net";

/** Addresses that mean something else on each machine: loopback, link-local (where clouds keep credentials), private. */
const inner = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  inner.addSubnet(net, prefix, "ipv4");
}
inner.addAddress("::1", "ipv6");
inner.addAddress("::", "ipv6");
inner.addSubnet("fc00::", 7, "ipv6");
inner.addSubnet("fe80::", 10, "ipv6");
inner.addSubnet("ff00::", 8, "ipv6");

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

const check = (list: BlockList, address: string): boolean =>
  list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

/** True for an address of this machine alone. */
export const isLoopbackAddress = (address: string): boolean => check(loopback, address);

/** True for an address of this machine or of a network behind it, and for those that are no single machine's. */
export const isInnerAddress = (address: string): boolean => check(inner, address);

/** True for a host of this machine or of a network behind it, as far as its name or number tells. */
export const isInnerHost = ({ hostname }: URL): boolean => {
  const host = hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  if (isIP(host) !== 0) return isInnerAddress(host);
  return host === "localhost" || host.endsWith(".localhost") || host.endsWith(".internal");
};
