"""Train seam-chat on chats made by corpus.py. Usage: train.py OUT.pt --steps N [--decay N] [--lr X] [--start FILE] [--seed N]

Loss: cross-entropy weighted per token (corpus.py). AdamW with warm-up, a constant rate, and a linear decay over the last
`--decay` steps. An existing OUT.pt is resumed (weights, optimiser, step); else --start (an exported model.onnx or a checkpoint)
gives the weights, or they are drawn from the seed. Every batch is made from (seed, step, part), so a resumed run sees the same text.

A step is cut into parts, and each worker process (one thread) takes the next part when it is free: on a machine that others
use too, this is faster than threads that wait for each other in every operation. The order in which gradients are added up
varies, so two runs agree to rounding, not to the bit.
"""
import argparse
import os
import signal
import sys
import threading
import time

import torch
import torch.multiprocessing as mp
import torch.nn.functional as F

from corpus import batch
from model import Model, load

SHAPES = [(2, 1152), (5, 512), (2, 1152), (9, 256)]  # (rows, length) of a part, in turn: past the context of 1024, and shorter chats
PARTS = 4
PATIENCE = 600  # seconds after which a worker without a master ends


def save(path, **state):
    torch.save(state, path + ".new")
    os.replace(path + ".new", path)


def rate(step, args):
    warm, left = (step + 1) / args.warmup, (args.steps - step) / max(args.decay, 1)
    return args.lr * min(1.0, warm, left)


def loss_of(model, seed, step, part, fast):
    ids, weights = (torch.from_numpy(a) for a in batch(f"{seed}/{part}", step, *SHAPES[step % len(SHAPES)]))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
        logits, _ = model(ids[:, :-1])
    each = F.cross_entropy(logits.float().flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
    return (each * weights.flatten()).sum() / weights.sum()


class Team:
    """Workers that share the weights; each adds up the gradients of its parts in a row of `grads`, the losses beside them."""

    def __init__(self, model, args, step):
        self.model, self.args = model.share_memory(), args
        size = sum(p.numel() for p in model.parameters())
        self.grads = torch.zeros(args.workers, size + 1).share_memory_()
        self.step, self.next = mp.Value("l", step), mp.Value("l", 0)
        self.begin, self.end = mp.Barrier(args.workers), mp.Barrier(args.workers)
        for rank in range(1, args.workers):
            mp.get_context("fork").Process(target=self.serve, args=(rank,), daemon=True).start()

    def serve(self, rank):
        try:
            while True:
                self.begin.wait(PATIENCE)
                self.work(rank)
                self.end.wait(PATIENCE)
        except threading.BrokenBarrierError:
            pass

    def work(self, rank):
        total = 0.0
        self.model.zero_grad(set_to_none=False)
        while True:
            with self.next.get_lock():
                part, self.next.value = self.next.value, self.next.value + 1
            if part >= PARTS:
                break
            loss = loss_of(self.model, self.args.seed, self.step.value, part, not self.args.exact) / PARTS
            loss.backward()
            total += loss.item()
        if total:
            self.grads[rank, -1] = total
            torch.cat([p.grad.flatten() for p in self.model.parameters()], out=self.grads[rank, :-1])
        else:
            self.grads[rank].zero_()

    def gradients(self, step):
        """The loss of a step; leaves its gradients in the parameters."""
        self.step.value, self.next.value = step, 0
        self.begin.wait(PATIENCE)
        self.work(0)
        self.end.wait(PATIENCE)
        *flat, loss = self.grads.sum(0).split([p.numel() for p in self.model.parameters()] + [1])
        for parameter, gradient in zip(self.model.parameters(), flat):
            parameter.grad = gradient.view_as(parameter)
        return loss.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--decay", type=int, default=0)
    parser.add_argument("--warmup", type=int, default=100)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--start")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--exact", action="store_true", help="float32 throughout, where the processor is slow at bfloat16")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    model = load(args.start).train() if args.start else Model()
    matrices, vectors = [[p for p in model.parameters() if (p.dim() > 1) == big] for big in (True, False)]
    optimiser = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}], lr=args.lr, betas=(0.9, 0.95))
    step = 0
    if os.path.exists(args.out):
        state = torch.load(args.out)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        step = state["step"]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # an orderly exit takes the workers along
    team, began, mean = Team(model, args, step), time.time(), None
    while step < args.steps:
        for group in optimiser.param_groups:
            group["lr"] = rate(step, args)
        loss = team.gradients(step)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        mean = loss if mean is None else 0.95 * mean + 0.05 * loss
        step += 1
        if step % 20 == 0:
            print(f"{step} loss {loss:.4f} mean {mean:.4f} lr {rate(step - 1, args):.2e} {time.time() - began:.0f} s", flush=True)
        if step % 50 == 0 or step == args.steps:
            save(args.out, model=model.state_dict(), optimiser=optimiser.state_dict(), step=step)


if __name__ == "__main__":
    main()
