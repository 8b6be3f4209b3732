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
  ["192.168.0.0", 16],
] as const) {
  inner.addSubnet(net, prefix, "ipv4");
}
inner.addAddress("::1", "ipv6");
inner.addAddress("::", "ipv6");
inner.addSubnet("fc00::", 7, "ipv6");
inner.addSubnet("fe80::", 10, "ipv6");

/** True for a host of this machine or of a network behind it, as far as its name or number tells. */
export const isInnerHost = ({ hostname }: URL): boolean => {
  const host = hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const family = isIP(host);
  if (family === 4) return inner.check(host, "ipv4");
  if (family === 6) return inner.check(host, "ipv6");
  return host === "localhost" || host.endsWith(".localhost") || host.endsWith(".internal");
};
