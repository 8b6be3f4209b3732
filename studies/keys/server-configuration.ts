import { denialsOf, grantsOf } from "../../pipeline/keys/roles.ts";
import type { Member } from "../../pipeline/keys/trust.ts";
import { longestMessage } from "../../pipeline/message.ts";

const quoted = (subjects: readonly string[]): string =>
  [...new Set(subjects)].map((subject) => `            ${JSON.stringify(subject)}`).join("\n");

const userOf = ({ role, name, key }: Member, satellites: readonly string[]): string => {
  const grants = grantsOf(role, name);
  const subjectsOf = (verb: "publish" | "subscribe"): readonly string[] =>
    grants.filter((grant) => grant.verb === verb).map(({ subject }) => subject);
  const denied = denialsOf(name, satellites);
  const deny = denied.length === 0 ? "" : `\n          deny: [\n${quoted(denied)}\n          ]`;
  return `      { # ${name}, ${role}
        nkey: ${key}
        permissions: {
          publish: {
          allow: [
${quoted(subjectsOf("publish"))}
          ]${deny}
          }
          subscribe: {
          allow: [
${quoted(subjectsOf("subscribe"))}
          ]
          }
        }
      }`;
};

/** A configuration of nats-server, from 2.9 on, in which each member may do what its role does and nothing else. It holds no secret. */
export const serverConfiguration = (members: readonly Member[]): string => {
  const satellites = members.filter(({ role }) => role === "satellite").map(({ name }) => name);
  return `# Made by swath keys. Start it with:  nats-server -c nats-server.conf
listen: "0.0.0.0:4222"
max_payload: ${longestMessage}
write_deadline: "60s"

jetstream: { store_dir: "./nats-data" }

# With certificates, which anything but a private network wants:
# tls: { cert_file: "./server-cert.pem", key_file: "./server-key.pem" }

accounts: {
  SWATH: {
    jetstream: enabled
    users: [
${members.map((member) => userOf(member, satellites)).join("\n")}
    ]
  }
}
`;
};
