import type { Member } from "../../pipeline/keys/trust.ts";

const first = (members: readonly Member[], role: Member["role"]): string =>
  members.find((member) => member.role === role)?.name ?? "NAME";

/** What a person reads who finds a folder of keys. */
export const keysReadme = (members: readonly Member[]): string => {
  const satellite = first(members, "satellite");
  const station = first(members, "station");
  return `# Keys of a Swath mission

Made by \`swath keys init\`. Every \`.nk\` file is a secret of the one that it is named after: readable by its owner alone, or Swath refuses it.

## Start the server

    nats-server -c nats-server.conf

It holds public keys and permissions alone, no secret. Add certificates (\`tls\` in the file) wherever others share the network.

## On a cluster, over TLS

The same file on each server; what differs goes onto the command line. For three servers, the first of them:

    nats-server -c nats-server.conf -n n0 --cluster_name swath --cluster nats://0.0.0.0:6222 \\
      --routes nats://HOST0:6222,nats://HOST1:6222,nats://HOST2:6222 \\
      --tls --tlscert server-cert.pem --tlskey server-key.pem

Then \`--nats tls://HOST0:4222,tls://HOST1:4222,tls://HOST2:4222 --replicas 3\` in every command below, and \`--ca ca.pem\` where an authority of your
own signed the certificates. Routes carry everything: keep their port among the three servers.

## Run

    swath compare DATASET --nats tls://HOST:4222 --keys THIS_FOLDER
    swath compare DATASET --nats tls://HOST:4222 --keys THIS_FOLDER --external
    swath satellite ${satellite} --run RUN --nats tls://HOST:4222 --keys ${satellite}.nk
    swath station ${station} --run RUN --nats tls://HOST:4222 --keys ${station}.nk
    swath subscribe --nats tls://HOST:4222 --keys subscriber.nk

| file | who gets it |
|---|---|
| \`operator.nk\` | nobody: it signs the list of trust and makes link keys. Keep it off the network |
| \`trust.json\` | everybody, beside the key: who takes part, which link keys hold; public |
| \`mission-control.nk\`, \`centre.nk\` | the machine that commands (\`--keys FOLDER\`) |
| \`<satellite>.nk\` | that satellite; holds its link keys |
| \`<station>.nk\` | that station; holds the secret that all link keys follow from |
| \`subscriber.nk\`, \`observer.nk\` | who reads detections; who watches |
| \`counters/\` | made where frames are sent: which numbers are used. Never copy or restore it: a number used twice gives a key away |

## New link keys

    swath keys roll THIS_FOLDER --satellites ${satellite}

Copy \`trust.json\` to all, then \`${satellite}.nk\` to the satellite. The old key is taken until an hour of mission time after the first frame under the new one.
`;
};
