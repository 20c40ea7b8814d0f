"""FSDP2 as accelerate does it, with what it decides otherwise: sums of gradients in fp32, and a CPU as good as a GPU."""

from __future__ import annotations

from typing import Any


def set_up_sharding(plugin: Any, arguments: Any) -> None:
    """Before the accelerator is made. ``plugin`` is accelerate's, ``arguments`` those of a trainer of transformers."""
    if arguments.bf16:
        _reduce_in_fp32(plugin)
    if arguments.use_cpu:
        _shard_on_cpu(plugin, arguments)


def _reduce_in_fp32(plugin: Any) -> None:
    """accelerate would add up the gradients of all processes in bf16."""
    import torch
    from torch.distributed.fsdp import MixedPrecisionPolicy

    plugin.mixed_precision_policy = MixedPrecisionPolicy(
        param_dtype=torch.bfloat16, reduce_dtype=torch.float32, output_dtype=torch.bfloat16
    )


def _shard_on_cpu(plugin: Any, arguments: Any) -> None:
    """accelerate asks for FSDP on GPUs alone, though torch shards on a CPU too: the state says it before it is asked."""
    from accelerate.state import AcceleratorState, PartialState
    from accelerate.utils import DistributedType, TorchDynamoPlugin

    precision = "bf16" if arguments.bf16 else "no"
    state: Any = AcceleratorState(precision, cpu=True, dynamo_plugin=TorchDynamoPlugin(), _from_accelerator=True)
    state.distributed_type = PartialState._shared_state["distributed_type"] = DistributedType.FSDP
    state.fsdp_plugin = plugin
