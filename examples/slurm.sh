#!/usr/bin/env bash
# A comparison over many scenes as an array of Slurm jobs, without a server:
#
#   sbatch --array=0-15 examples/slurm.sh ships/                # 16 parts, in any order, at any time
#   sbatch --array=5 examples/slurm.sh ships/                   # one that died, again: it goes on where it was
#   swath merge parts/ --out runs/                              # the run: the bytes of one process
#
# After a failed node: sbatch --dependency=afterok:JOB --wrap 'swath merge parts/ --out runs/' merges once all parts are there.
#SBATCH --job-name=swath
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=04:00:00
set -euo pipefail

dataset=${1:?usage: sbatch --array=0-15 slurm.sh DATASET}
parts=${PARTS:-16} # As many as the array has. It stands here, so that a single part can be run again.

exec swath compare "$dataset" --shard "array/$parts" --threads "${SLURM_CPUS_PER_TASK:-4}" --out parts/
