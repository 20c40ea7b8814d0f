#!/usr/bin/env bash
# Trains each method for a few steps on GPUs, and checks what comes of it:
#   fsdp2      Bradley-Terry, all weights, TRL and accelerate with FSDP2, BF16 with sums in fp32, N processes; resumed from
#              its first checkpoint with the same loss
#   ddp-lora   Bradley-Terry with LoRA under DDP, N processes
#   offload    SFT, one process, gradient checkpointing and activations kept in the memory of the CPU
#   judge      pointwise with GRPO under FSDP2, N processes
# With --processes 1 the sharing is tried in a group of one process. --measure sets the estimates of memory beside measured
# peaks of real sizes (python/scripts/gpu_measure.py) afterwards.
# Each has to finish (its model loaded again and tested), with finite losses, and with the statistics of NVML in its events.
set -euo pipefail

usage() {
  printf '%s\n' "usage: gpu_smoke.sh [--python PYTHON] [--processes N] [--model MODEL] [--cpu] [--measure] [--keep]" \
    "  --python     the interpreter with python/requirements/trl.txt (python3)" \
    "  --processes  processes of the runs with several, a GPU each (2)" \
    "  --model      a causal model with a chat template; without one a tiny random model is made" \
    "  --cpu        the same runs on the CPU, without offload and NVML: tries this script, and no GPU" \
    "  --measure    memory and speed at real sizes, up to 7 billion weights: 80 GB of GPU, 40 GB of disk" \
    "  --keep       leaves the runs in their folder" >&2
  exit 2
}

python=python3
processes=2
model=
cpu=false
measure=false
keep=false
while (($# > 0)); do
  case $1 in
    --python | --processes | --model)
      (($# > 1)) || usage
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    --cpu | --measure | --keep)
      printf -v "${1#--}" '%s' true
      shift
      ;;
    *) usage ;;
  esac
done

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PYTHONPATH="${scripts%/scripts}${PYTHONPATH:+:$PYTHONPATH}"
work=$(mktemp -d)
if [[ $keep == false ]]; then
  trap 'rm -rf -- "$work"' EXIT
else
  printf 'runs: %s\n' "$work"
fi

if [[ $cpu == false ]]; then
  nvidia-smi --query-gpu=index,name,memory.total,driver_version --format=csv,noheader
fi
"$python" -m reward_studio doctor

check() {
  "$python" "$scripts/gpu_smoke_runs.py" "$@"
}

# NAME ATTEMPT [CHECKPOINT]
train() {
  local name=$1 attempt=$2
  local command=("$python" -m reward_studio train "$work/$name" --attempt "$attempt" ${3:+--resume "$3"})
  if [[ $processes == 1 && $name != offload ]]; then
    command=(check alone "$work" "$name" "$attempt" ${3:+"$3"})
  fi
  if ! "${command[@]}" >>"$work/$name.log" 2>&1; then
    tail -n 40 -- "$work/$name.log" >&2
    printf '%s: failed\n' "$name" >&2
    exit 1
  fi
}

check prepare "$work" "$processes" "$cpu" "$model"
runs=(fsdp2 ddp-lora judge)
[[ $cpu == true ]] || runs+=(offload)
for name in "${runs[@]}"; do
  train "$name" 1
  check finished "$work" "$name" "$cpu"
done
train fsdp2 2 "$work/fsdp2/checkpoints/checkpoint-2"
check resumed "$work" fsdp2 "$cpu"
[[ $measure == false ]] || "$python" "$scripts/gpu_measure.py"
printf 'all passed\n'
