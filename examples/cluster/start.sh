#!/bin/sh
# Starts three nats-servers that are one cluster, and a leaf node as it stands at a station, all on this machine. Ctrl-C ends them.
#   examples/cluster/start.sh [FOLDER]        what the servers keep and say goes to FOLDER (default: cluster-data)
# The addresses are printed; docs/cluster.md says how to go on, and what survives what.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${1:-cluster-data}
nats=$(command -v nats-server || echo /usr/sbin/nats-server)
[ -x "$nats" ] || { echo "start.sh: nats-server is not installed; apt-get install nats-server, or brew install nats-server" >&2; exit 1; }
mkdir -p "$data"
data=$(cd "$data" && pwd)
first=${SWATH_CLUSTER_PORT:-4222} # The others follow: clients, then routes, then leaf nodes.

export PEER_0="nats://127.0.0.1:$((first + 10))" PEER_1="nats://127.0.0.1:$((first + 11))" PEER_2="nats://127.0.0.1:$((first + 12))"
export HUB_0="nats://127.0.0.1:$((first + 20))" HUB_1="nats://127.0.0.1:$((first + 21))" HUB_2="nats://127.0.0.1:$((first + 22))"

pids=
stop() { trap - INT TERM EXIT; [ -z "$pids" ] || kill $pids 2>/dev/null || true; wait; }
trap stop INT TERM EXIT
for i in 0 1 2; do
  NODE=n$i CLIENTS="127.0.0.1:$((first + i))" ROUTES="127.0.0.1:$((first + 10 + i))" LEAVES="127.0.0.1:$((first + 20 + i))" STORE="$data/n$i" \
    "$nats" -c "$here/server.conf" -P "$data/n$i.pid" -l "$data/n$i.log" &
  pids="$pids $!"
done
NODE=leaf CLIENTS="127.0.0.1:$((first + 3))" "$nats" -c "$here/leaf.conf" -P "$data/leaf.pid" -l "$data/leaf.log" &
pids="$pids $!"

echo "cluster  --nats nats://127.0.0.1:$first,nats://127.0.0.1:$((first + 1)),nats://127.0.0.1:$((first + 2)) --replicas 3"
echo "leaf     --nats nats://127.0.0.1:$((first + 3)) --js-domain hub"
echo "logs and what is kept: $data"
wait
