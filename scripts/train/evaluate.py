"""Measure a model on chats it has not seen, with held-out names. Usage: evaluate.py [WEIGHTS] [--each N] [--json FILE] [--chat]

Recall: a fact is told, other turns follow, then it is asked back; the distance is counted in tokens from the start of the
telling to the start of the question. An answer counts only if the whole of it, end mark included, is what greedy decoding gives.
That is checked in one pass over prompt and wanted answer: greedy decoding gives the answer exactly if each of its
tokens is the most likely one after those before it. Stories have no single right text: they are decoded and inspected.
"""
import argparse
import hashlib
import json
import random
from collections import Counter
from pathlib import Path

import torch

from corpus import Maker, ids_and_weights
from model import END, MODEL_DIR, decode, greedy, load, prompt_ids
from phrases import FACTS

DISTANCES = (100, 300, 500, 700, 900)
KINDS = ("name", "object", "pet", "town", "number")
SLACK = 15  # how far a chat's distance may be from the wanted one


def answer_text(turn):
    return "".join(text for text, _ in turn[1])


def recall_chat(r, kind, distance):
    """Turns that tell a fact of `kind`, pass `distance` tokens with other things, and ask it back."""
    while True:
        maker = Maker(r, evaluating=True)
        maker.strangers = True
        maker.add(maker.tell(kind))
        while maker.length < distance - SLACK:
            others = [k for k in FACTS if k not in maker.told]
            maker.add(maker.tell(r.choice(others)) if r.random() < 0.2 and others else maker.filler(0.3))
        if maker.length <= distance + SLACK:
            maker.add(maker.ask(kind))
            return maker.turns


def single(make):
    """A chat of one turn; `make` takes a Maker and returns the turn."""
    def chat(r):
        maker = Maker(r, evaluating=True)
        maker.add(make(maker))
        return maker.turns
    return chat


def two_in_one(r):
    """A fact and a request in one message, and the fact asked back."""
    maker = Maker(r, evaluating=True)
    kind = r.choice(KINDS)
    maker.add(maker.tell(kind), r.choice((maker.count, maker.spell, maker.repeat))())
    maker.add(maker.ask(kind))
    return maker.turns


def not_told(r):
    maker = Maker(r, evaluating=True)
    kind, other = r.sample(KINDS, 2)
    maker.add(maker.tell(other))
    maker.add(maker.filler(0.2))
    maker.add(maker.ask(kind))
    return maker.turns


@torch.no_grad()
def exact(model, chats, rows=16):
    """Per chat: is the last answer what greedy decoding gives?"""
    items = []
    for n, turns in enumerate(chats):
        ids, _ = ids_and_weights(turns)
        items.append((ids, len(ids) - len(answer_text(turns[-1]).encode()) - 1, n))
    items.sort(key=lambda item: len(item[0]))
    right = [False] * len(chats)
    for start in range(0, len(items), rows):
        part = items[start:start + rows]
        width = max(len(ids) for ids, _, _ in part)
        best = model(torch.tensor([ids + [END] * (width - len(ids)) for ids, _, _ in part]))[0].argmax(-1).tolist()
        for row, (ids, first, n) in zip(best, part):
            right[n] = row[first - 1:len(ids) - 1] == ids[first:]
    return right


def story_report(model, r, count):
    """Decode stories and look at them: length, end, what was asked for, no sentence twice."""
    by_length, wanted = {}, []
    while not wanted:
        maker = Maker(r, evaluating=True)
        if r.random() < 0.5:
            maker.add(maker.tell("name"))
        turn = maker.story()
        turns = [(u, answer_text((u, a))) for u, a in maker.turns] + [(turn[0], None)]
        ids = prompt_ids(turns)
        group = by_length.setdefault(len(ids), {})
        group[turns[-1][0]] = (ids, turns)
        if len(group) == count:
            wanted = list(group.values())
    words, good = [], Counter()
    for (_, turns), out in zip(wanted, greedy(model, [ids for ids, _ in wanted], 1000)):
        text, asked = decode(out), turns[-1][0]
        about = asked.split("about ")[1].rstrip(".") if "about " in asked else ""
        keys = [w.rstrip(",") for w in about.split() if w not in ("a", "an", "and", "in", "the")]
        sentences = text.split(". ")
        words.append(len(text.split()))
        good.update({"ended": out[-1] == END, "of_100_words": len(text.split()) >= 100, "about_what_was_asked": all(k in text for k in keys),
                     "no_sentence_twice": len(set(sentences)) == len(sentences),
                     "users_name_used": len(turns) == 1 or "about" in asked or turns[0][1].split()[-1].rstrip(".") in text})
    return {"chats": count, "words_least": min(words), "words_mean": round(sum(words) / count, 1), **{k: v for k, v in good.items()}}


def evaluate(model, each, seed=2024):
    """All figures. `each` chats per kind and distance."""
    rng = lambda *what: random.Random(f"{seed}/{what}")
    report = {"recall": {}, "other": {}}
    for distance in DISTANCES:
        chats = [recall_chat(rng(distance, kind, i), kind, distance) for kind in KINDS for i in range(each)]
        right = exact(model, chats)
        per_kind = {kind: sum(right[n * each:(n + 1) * each]) for n, kind in enumerate(KINDS)}
        report["recall"][str(distance)] = {"chats": len(chats), "exact": sum(right), "share": round(sum(right) / len(chats), 4), "per_kind": per_kind}
    plain = {"not_told": not_told, "two_in_one": two_in_one, "counting": single(Maker.count), "spelling": single(Maker.spell),
             "repeating": single(Maker.repeat), "small_talk": single(Maker.chatter)}
    for name, make in plain.items():
        right = exact(model, [make(rng(name, i)) for i in range(5 * each)])
        report["other"][name] = {"chats": len(right), "exact": sum(right), "share": round(sum(right) / len(right), 4)}
    report["stories"] = story_report(model, rng("story"), 2 * each)
    return report


DEMO = ["Hello", "Who are you?", "My name is Ada. Tell me a story about a blue lamp.", "I live in Quelmora.", "Count from 37 to 45.", "What is my name?",
        "Where do I live?", "What is my pet called?", "Who won the war of the frogs?", "Thank you."]


def chat(model, messages=DEMO):
    turns = []
    for message in messages:
        turns.append((message, decode(greedy(model, [prompt_ids(turns + [(message, None)])], 1000)[0])))
        print(f"> {message}\n{turns[-1][1]}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", nargs="?", default=str(MODEL_DIR / "onnx" / "model.onnx"))
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--json")
    parser.add_argument("--chat", action="store_true", help="print one conversation instead")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    model = load(args.weights)
    if args.chat:
        return chat(model)
    report = evaluate(model, args.each)
    if args.weights.endswith(".onnx"):
        report["sha256"] = hashlib.sha256(Path(args.weights).read_bytes()).hexdigest()
    text = json.dumps(report, indent=2)
    print(text)
    if args.json:
        Path(args.json).write_text(text + "\n")


if __name__ == "__main__":
    main()
