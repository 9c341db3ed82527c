"""The network of seam-chat in PyTorch, its byte vocabulary and greedy decoding.

A small Llama: RMSNorm, rotary positions, grouped-query attention, SwiGLU. Weights are stored as (in, out), as the
exported graph multiplies them. PyTorch is used for training and for checking only, never by a running node.
"""
import math
import re
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

MODEL_DIR = Path(__file__).resolve().parents[2] / "models" / "seam-chat"
USER, ASSISTANT, END = 256, 257, 258
SPECIALS = {"<|user|>": USER, "<|assistant|>": ASSISTANT, "<|end|>": END}
_SPLIT = re.compile("(" + "|".join(re.escape(s) for s in SPECIALS) + ")")


@dataclass(frozen=True)
class Config:
    vocab: int = 264
    hidden: int = 192
    layers: int = 4
    heads: int = 6
    kv_heads: int = 2
    ffn: int = 512
    theta: float = 10000.0
    eps: float = 1e-5
    context: int = 1024

    @property
    def head_dim(self):
        return self.hidden // self.heads


def encode(text):
    """Token ids of a rendered chat: bytes, with the three chat marks as one id each."""
    return [i for part in _SPLIT.split(text) for i in ([SPECIALS[part]] if part in SPECIALS else part.encode())]


def decode(ids):
    return bytes(i for i in ids if i < 256).decode("utf-8", "replace")


def prompt_ids(turns):
    """Ids of a chat [(user, answer), ..., (user, None)], ready for the next answer."""
    ids = []
    for user, answer in turns:
        ids += [USER, *user.encode(), END, ASSISTANT]
        if answer is not None:
            ids += [*answer.encode(), END]
    return ids


def rotary(length, cfg):
    """cos and sin of every position, each (length, head_dim / 2)."""
    inv = cfg.theta ** (-torch.arange(0, cfg.head_dim, 2, dtype=torch.float64) / cfg.head_dim)
    angle = torch.outer(torch.arange(length, dtype=torch.float64), inv)
    return angle.cos().float(), angle.sin().float()


def rotate(x, cos, sin):
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


class Norm(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.eps, self.weight = cfg.eps, nn.Parameter(torch.ones(cfg.hidden))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


def attend(q, k, v, block=256):
    """Causal attention of the last q.shape[2] positions over all keys, in blocks of queries: what lies ahead is never computed."""
    b, n, t, d = q.shape
    total, group = k.shape[2], n // k.shape[1]
    if t == total and hasattr(F, "scaled_dot_product_attention"):  # PyTorch 2 has a fused one
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    q = q.view(b, n // group, group, t, d) / math.sqrt(d)
    out = []
    for start in range(0, t, block):
        stop = min(start + block, t)
        seen = total - t + stop
        part = q[:, :, :, start:stop].reshape(b, n // group, -1, d)
        scores = (part @ k[:, :, :seen].transpose(-1, -2)).view(b, n, stop - start, seen)
        ahead = torch.full((stop - start, stop - start), float("-inf")).triu(1)
        scores[..., seen - (stop - start):] += ahead
        weights = scores.softmax(-1).view(b, n // group, -1, seen)
        out.append((weights @ v[:, :, :seen]).view(b, n, stop - start, d))
    return torch.cat(out, 2)


class Layer(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.cfg, self.norm1, self.norm2 = cfg, Norm(cfg), Norm(cfg)
        deep = 1 / math.sqrt(2 * cfg.layers)
        mat = lambda rows, cols, scale=1.0: nn.Parameter(torch.randn(rows, cols) * 0.02 * scale)
        q, kv = cfg.heads * cfg.head_dim, cfg.kv_heads * cfg.head_dim
        self.wq, self.wk, self.wv, self.wo = mat(cfg.hidden, q), mat(cfg.hidden, kv), mat(cfg.hidden, kv), mat(q, cfg.hidden, deep)
        self.gate, self.up, self.down = mat(cfg.hidden, cfg.ffn), mat(cfg.hidden, cfg.ffn), mat(cfg.ffn, cfg.hidden, deep)

    def forward(self, x, cos, sin, past=None):
        b, t, _ = x.shape
        h = self.norm1(x)
        split = lambda y: y.view(b, t, -1, self.cfg.head_dim).transpose(1, 2)
        q, k, v = rotate(split(h @ self.wq), cos, sin), rotate(split(h @ self.wk), cos, sin), split(h @ self.wv)
        if past is not None:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        x = x + attend(q, k, v).transpose(1, 2).reshape(b, t, -1) @ self.wo
        h = self.norm2(x)
        return x + (F.silu(h @ self.gate) * (h @ self.up)) @ self.down, (k, v)


class Model(nn.Module):
    def __init__(self, cfg=Config()):
        super().__init__()
        self.cfg = cfg
        self.embed = nn.Parameter(torch.randn(cfg.vocab, cfg.hidden) * 0.02)
        self.layers = nn.ModuleList(Layer(cfg) for _ in range(cfg.layers))
        self.norm, self.head = Norm(cfg), nn.Parameter(torch.randn(cfg.hidden, cfg.vocab) * 0.02)
        cos, sin = rotary(4096, cfg)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def forward(self, ids, past=None):
        """Logits of every position, and the cache of keys and values per layer."""
        start = past[0][0].shape[2] if past else 0
        cos, sin = self.cos[start:start + ids.shape[1]], self.sin[start:start + ids.shape[1]]
        x, cache = self.embed[ids], []
        for i, layer in enumerate(self.layers):
            x, kv = layer(x, cos, sin, past[i] if past else None)
            cache.append(kv)
        return self.norm(x) @ self.head, cache


def load(path):
    """A Model from a checkpoint of train.py or from an exported graph."""
    model = Model()
    if str(path).endswith(".onnx"):
        from graph import read  # the only need for the onnx package
        state = read(path, model.state_dict())
    else:
        state = torch.load(path)["model"]
    model.load_state_dict(state)
    return model.eval()


@torch.no_grad()
def greedy(model, prompts, limit, stop=True):
    """Greedy continuations of prompts (ids) of one length, at most `limit` ids each; each ends with END if `stop`."""
    logits, cache = model(torch.tensor(prompts))
    out = [[] for _ in prompts]
    for _ in range(limit):
        best = logits[:, -1].argmax(-1)
        for row, token in zip(out, best.tolist()):
            if not (stop and row and row[-1] == END):
                row.append(token)
        if stop and all(row[-1] == END for row in out):
            break
        logits, cache = model(best[:, None], cache)
    return out
