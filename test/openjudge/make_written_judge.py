"""A tiny model that writes one verdict whatever it is asked, and one that writes what comes of random weights: FOLDER/written, FOLDER/random."""

import sys
from pathlib import Path

import torch
from tests_trl.tiny_model import make_tiny_model
from transformers import AutoModelForCausalLM, AutoTokenizer

folder = Path(sys.argv[1])
# Longer than the prompt of a judge.
make_tiny_model(folder / "random", positions=4096)
tokenizer = AutoTokenizer.from_pretrained(folder / "random")
model = AutoModelForCausalLM.from_pretrained(folder / "random", tie_word_embeddings=False)
asked = tokenizer.apply_chat_template([{"role": "user", "content": "x"}], add_generation_prompt=True, tokenize=False)
last = tokenizer(asked)["input_ids"][-1]
verdict = tokenizer.convert_tokens_to_ids("<score>3</score>")
with torch.no_grad():
    # Without what its layers add, the next token follows from the last one alone.
    for layer in model.model.layers:
        layer.self_attn.o_proj.weight.zero_()
        layer.mlp.down_proj.weight.zero_()
    seen = model.model.embed_tokens.weight
    model.lm_head.weight.zero_()
    model.lm_head.weight[verdict] = 1000 * seen[last]
    model.lm_head.weight[tokenizer.eos_token_id] = 1000 * seen[verdict]
model.save_pretrained(folder / "written")
tokenizer.save_pretrained(folder / "written")
