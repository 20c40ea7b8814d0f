"""A tiny random model with a tokenizer and a chat template of its own, made on the spot: nothing is downloaded."""

from __future__ import annotations

from pathlib import Path

GOOD = "good great helpful clear correct precise".split()
BAD = "bad wrong rude vague false broken".split()
WORDS = [*GOOD, *BAD, *"answer question model the a is was it this that grade score response user".split()]

TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' }}"
    "{{ m['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
# Whole pieces as single tokens, so that a random model can be led to write a verdict within a few steps.
VERDICTS = [
    *(f"<score>{score}</score>" for score in range(5)),
    *(f"<better>{side}</better>" for side in ("A", "B", "tie")),
]


def make_tiny_model(folder: Path, template: str | None = TEMPLATE, positions: int = 512, layers: int = 2) -> Path:
    """A Llama of about 100,000 weights in ``folder``."""
    import random

    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    draw = random.Random(0)
    torch.manual_seed(0)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([" ".join(draw.choices(WORDS, k=30)) for _ in range(500)], trainer)
    tokenizer.add_tokens(VERDICTS)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>", chat_template=template
    )
    config = LlamaConfig(
        vocab_size=len(fast),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=positions,
        pad_token_id=fast.pad_token_id,
        eos_token_id=fast.eos_token_id,
        bos_token_id=None,
        tie_word_embeddings=True,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder
