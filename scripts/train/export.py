"""Write models/seam-chat from weights. Usage: export.py [WEIGHTS] [MODEL_DIR]

WEIGHTS is a checkpoint of train.py, or another model.onnx; without it the model's own graph is written again.
Every file is written beside its place and renamed into it, so a reader never sees half of one.
"""
import json
import os
import sys
from pathlib import Path

import torch

from graph import graph
from model import END, MODEL_DIR, SPECIALS, greedy, load, prompt_ids



def byte_letters():
    """The printable stand-in of each byte, as byte-level BPE writes it."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = iter(range(256, 512))
    return [chr(b if b in plain else next(rest)) for b in range(256)]


def tokenizer():
    """id == byte for 0..255 (no merges), then the chat marks."""
    step = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    added = [{"id": i, "content": s, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
             for s, i in SPECIALS.items()]
    bpe = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
           "fuse_unk": False, "byte_fallback": False, "vocab": {c: i for i, c in enumerate(byte_letters())}, "merges": []}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
            "pre_tokenizer": step, "post_processor": None, "decoder": step, "model": bpe}


# A mark inside a message is broken up ("<|" becomes "< |"), so no message can end its turn or speak for another role.
# The text of system messages opens the first user message that follows them.
TEMPLATE = (
    "{%- set ns = namespace(system='') -%}"
    "{%- for message in messages -%}"
    "{%- if message.content is string -%}{%- set text = message.content -%}"
    "{%- else -%}{%- set part = namespace(text='') -%}"
    "{%- for p in message.content or [] -%}{%- if p.type == 'text' -%}{%- set part.text = part.text + p.text -%}{%- endif -%}{%- endfor -%}"
    "{%- set text = part.text -%}{%- endif -%}"
    "{%- set text = text | replace('<|', '< |') -%}"
    "{%- if message.role == 'assistant' -%}{{- '<|assistant|>' + text + '<|end|>' -}}"
    "{%- elif message.role == 'user' -%}{{- '<|user|>' + ns.system + text + '<|end|>' -}}{%- set ns.system = '' -%}"
    "{%- else -%}{%- set ns.system = ns.system + text + ' ' -%}{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}")


def settings(c):
    """The JSON files of the directory, by name."""
    marks = {str(i): {"content": s, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
             for s, i in SPECIALS.items()}
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": c.hidden, "intermediate_size": c.ffn,
              "num_hidden_layers": c.layers, "num_attention_heads": c.heads, "num_key_value_heads": c.kv_heads, "head_dim": c.head_dim,
              "vocab_size": c.vocab, "max_position_embeddings": c.context, "rope_theta": c.theta, "rope_scaling": None,
              "rms_norm_eps": c.eps, "hidden_act": "silu", "attention_bias": False, "mlp_bias": False, "tie_word_embeddings": False,
              "bos_token_id": None, "eos_token_id": END, "pad_token_id": END, "torch_dtype": "float32", "use_cache": True}
    return {"config.json": config, "tokenizer.json": tokenizer(),
            "generation_config.json": {"bos_token_id": None, "eos_token_id": END, "pad_token_id": END, "do_sample": False},
            "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "added_tokens_decoder": marks, "bos_token": None,
                                      "eos_token": "<|end|>", "pad_token": "<|end|>", "unk_token": None, "add_bos_token": False,
                                      "additional_special_tokens": list(SPECIALS), "clean_up_tokenization_spaces": False,
                                      "model_max_length": c.context, "chat_template": TEMPLATE}}


GOLDEN = [
    [("Hello", None)],
    [("My name is Ada. Tell me a story about a blue lamp.", None)],
    [("My name is Zorimela.", "Nice to meet you, Zorimela."), ("I have a golden kite.", "A golden kite, good to know."), ("What is my name?", None)],
    [("Please remember the number 40718.", "I will remember 40718."), ("Spell harbor.", "h-a-r-b-o-r."), ("Which number did I give you?", None)],
    [("Count from 37 to 45.", None)],
    [("J'habite à Łódź.", None)],
]


def golden(model):
    """Prompts, 64 greedy ids after each (running on past the end) and the five best logits after the prompt, from PyTorch."""
    cases = []
    for turns in GOLDEN:
        ids = prompt_ids(turns)
        with torch.no_grad():
            best = model(torch.tensor([ids]))[0][0, -1].topk(5)
        cases.append({"prompt": ids, "greedy": greedy(model, [ids], 64, stop=False)[0],
                      "top5": [[int(i), round(float(v), 5)] for i, v in zip(best.indices, best.values)]})
    return {"about": "computed in PyTorch (float32) by scripts/train/export.py; greedy runs on past the end mark", "cases": cases}


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    os.replace(beside, path)


def dump(value, indent=2):
    return (json.dumps(value, indent=indent, ensure_ascii=False) + "\n").encode()


def main(weights=MODEL_DIR / "onnx" / "model.onnx", target=MODEL_DIR):
    model, target = load(weights), Path(target)
    put(target / "onnx" / "model.onnx", graph(model).SerializeToString())
    for name, value in settings(model.cfg).items():
        put(target / name, dump(value))
    cases = golden(model)
    lines = ",\n".join("  " + json.dumps(case) for case in cases["cases"])
    put(target / "golden.json", f'{{"about": {json.dumps(cases["about"])},\n "cases": [\n{lines}\n]}}\n'.encode())
    print(f"wrote {target}: {sum(f.stat().st_size for f in target.rglob('*') if f.is_file())} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
