"""Chats made from a seed: facts told and asked back, stories, counting, spelling, repeating, small talk.

A turn is (user text, answer), an answer is a list of (text, weight): the weight says how much the loss counts its bytes.
A chat is rendered as <|user|>text<|end|><|assistant|>text<|end|>... with no line breaks.
"""
import random

import numpy as np

from model import ASSISTANT, END, USER
from phrases import FACTS, NOT_TOLD, QUESTIONS, REMARKS, SMALL_TALK, SPARE, STORY, SYSTEM, UNKNOWN, WHAT, an, fill
from words import (ANIMALS, COLORS, FEELINGS, FIRST_NAMES, OBJECTS, PET_ANIMALS, PETS, PLACES, TOPICS, TOWNS, invented, proper)

QUIET = 0.02  # weight of the user's text, which the model never has to write


class Maker:
    """Makes the turns of one chat and knows what has been told in it."""

    def __init__(self, r, evaluating=False):
        self.r, self.evaluating = r, evaluating
        self.told, self.turns, self.length, self.seen = {}, [], 0, {}
        self.strangers = False  # stories name their own hero: the user's name is not to be said again yet

    def person(self):
        return proper(self.r, FIRST_NAMES, self.evaluating)

    def thing(self):
        return invented(self.r) if self.r.random() < 0.15 else self.r.choice(OBJECTS)

    def draw(self, kind):
        r = self.r
        if kind in ("name", "friend"):
            return (self.person(),)
        if kind == "object":
            return (r.choice(COLORS), self.thing())
        if kind == "pet":
            return (r.choice(PET_ANIMALS), proper(r, PETS, self.evaluating))
        if kind == "town":
            return (proper(r, TOWNS, self.evaluating),)
        if kind == "color":
            return (r.choice(COLORS),)
        return (str(r.randint(10, 10 ** r.randint(2, 6))),)

    # Each of the following returns one turn: (user text, answer).
    def tell(self, kind):
        values = self.told[kind] = self.draw(kind)
        self.seen[kind] = self.length
        ways, reply, _, _ = FACTS[kind]
        reply = fill(reply, *values)
        return fill(self.r.choice(ways), *values), [(reply[0].upper() + reply[1:], 1.0)]

    def ask(self, kind, plain=False):
        _, _, ways, reply = FACTS[kind]
        if kind not in self.told:
            return self.r.choice([w for w in ways if "{" not in w]), [(NOT_TOLD, 3.0)]
        far = self.length - self.seen[kind]
        self.seen[kind] = self.length
        values = self.told[kind]
        return fill(ways[0] if plain else self.r.choice(ways), *values), [(fill(reply, *values), 1.0 + min(far, 1000) / 250)]

    def story(self):
        r = self.r
        color, o, a, p = r.choice(COLORS + [""] * 4), self.thing(), r.choice(ANIMALS), r.choice(PLACES)
        who = self.told["name"][0] if "name" in self.told and not self.strangers and r.random() < 0.5 else self.person()
        mine = self.told["name"][0] if "name" in self.told else r.choice(("Mira", "Tom"))
        thing = an(f"{color} {o}".strip())
        form = r.choice((0, 3, 6)) if self.strangers else r.randrange(9)
        if form == 0:
            color = color or r.choice(COLORS)
            thing, about = an(f"{color} {o}"), f"{who}, {an(f'{color} {o}')} and {an(a)} in the {p}"
        elif form in (1, 2):
            about, who = thing, mine
        elif form == 3:
            about = who
        elif form == 4:
            about, who = an(a), mine
        elif form == 5:
            about, who = f"the {p}", mine
        elif form == 6:
            about = f"{who} and {thing}"
        elif form == 7:
            topic = r.choice(TOPICS) if r.random() < 0.6 else invented(r)
            about, who, o, thing = topic, mine, "book", f"a book about {topic}"
        else:
            about, who = "", mine
        long = r.random() < 0.2
        verb = r.choice(["Tell me", "Tell me", "Tell me", "Please tell me", "I want", "Write"])
        user = f"{verb} a {'long ' if long else ''}story{f' about {about}' if about else ''}."
        f, f2 = r.sample(FEELINGS, 2)
        p2 = r.choice([x for x in PLACES if x != p])
        slots = [r.choice(ways).format(who=who, thing=thing, o=o, a=a, an_a=an(a), p=p, p2=p2, f=f, f2=f2) for ways in STORY]
        while not long:  # leave slots out while a hundred words remain
            i = r.choice([n for n in SPARE if slots[n]])
            if len(" ".join(slots[:i] + slots[i + 1:]).split()) < 105:
                break
            slots[i] = ""
        return user, [(" ".join(filter(None, slots)), 1.0)]

    def count(self):
        first, size = self.r.randint(0, 10 ** self.r.randint(1, 3)), self.r.randint(2, 9 if self.r.random() < 0.75 else 40)
        user = f"Count from {first} to {first + size}."
        if self.r.random() < 0.2:
            first, user = 1, f"Count to {1 + size}."
        answer = []
        for n in range(first, first + size + 1):  # the sign after a number decides whether the count goes on
            answer += [(str(n), 1.0), (", ", 2.0) if n < first + size else (".", 8.0)]
        return user, answer

    def spell(self):
        word = invented(self.r) if self.r.random() < 0.6 else self.r.choice(OBJECTS + ANIMALS + PLACES)
        return f"Spell {word}.", [("-".join(word) + ".", 1.0)]

    def repeat(self):
        words = [invented(self.r) if self.r.random() < 0.2 else self.r.choice(COLORS + OBJECTS + ANIMALS) for _ in range(self.r.randint(2, 6))]
        return f"Repeat: {' '.join(words)}.", [(" ".join(words) + ".", 1.0)]

    def chatter(self):
        r = self.r
        if r.random() < 0.45:
            ways, reply = r.choice(SMALL_TALK)
            return r.choice(ways), [(reply, 2.0)]
        text, reply = (r.choice(QUESTIONS), UNKNOWN) if r.random() < 0.7 else (r.choice(REMARKS), WHAT)
        word = lambda: invented(r) if r.random() < 0.4 else r.choice(OBJECTS + ANIMALS + PLACES + TOPICS)
        name = lambda: r.choice((self.person, lambda: proper(r, TOWNS, self.evaluating)))()
        return text.format(N=name(), M=name(), w=word(), p=r.choice(PLACES), c=r.choice(COLORS), o=r.choice(OBJECTS), a=r.choice(ANIMALS),
                           n=r.randint(2, 2000), f=r.choice(FEELINGS)), [(reply, 2.0)]

    def filler(self, stories=0.22):
        """A turn that tells and asks no fact."""
        kind = self.r.random()
        if kind < stories:
            return self.story()
        return self.r.choices((self.count, self.spell, self.repeat, self.chatter), (4, 3, 3, 4))[0]()

    def add(self, turn, *more):
        """Append a turn; several turns become one message, and one answer to each part of it."""
        user, answer = turn
        for u, a in more:
            user, answer = f"{user} {u}", answer + [(" ", 1.0)] + a
        if self.r.random() < 0.06 and not self.evaluating:  # people type carelessly
            user = user[0].lower() + user[1:] if self.r.random() < 0.5 else user.rstrip(".?!")
        if not self.turns and not self.evaluating and self.r.random() < 0.08:
            user = f"{self.r.choice(SYSTEM)} {user}"
        self.turns.append((user, answer))
        self.length += len(user) + sum(len(text) for text, _ in answer) + 4

    def fact_turn(self, kind):
        """Tell a fact, at times with a second fact or a request in the same message."""
        turn, more = self.tell(kind), []
        missing = [k for k in FACTS if k not in self.told]
        if self.r.random() < 0.3:
            more = [self.tell(self.r.choice(missing)) if missing and self.r.random() < 0.4 else self.filler(0.5)]
        self.add(turn, *more)

    def question_turn(self, kind):
        more = [self.ask(self.r.choice([k for k in FACTS if k != kind]))] if self.r.random() < 0.06 else []
        self.add(self.ask(kind), *more)

    def mixed(self, budget):
        """Facts are told anywhere and asked back at any later time."""
        while self.length < budget:
            missing, dice = [k for k in FACTS if k not in self.told], self.r.random()
            if missing and (dice < 0.22 or (not self.told and dice < 0.5)):
                self.fact_turn(self.r.choice(missing))
            elif dice < 0.55:
                self.question_turn(self.r.choice(list(FACTS) if self.r.random() < 0.35 or not self.told else list(self.told)))
            else:
                self.add(self.filler())
        return self

    def far(self, budget):
        """A few facts early, then other things, then all of the facts asked back."""
        kinds = self.r.sample(list(FACTS), self.r.randint(1, 5))
        for kind in kinds:
            if kind not in self.told:
                self.fact_turn(kind)
            if self.r.random() < 0.15:
                self.add(self.filler())
        self.strangers = True
        until = self.r.uniform(0.5, 1.0) * budget - 70 * len(self.told)
        while self.length < until:
            self.add(self.filler(0.35))
        self.strangers = False
        kinds = list(self.told)
        self.r.shuffle(kinds)
        for kind in kinds:
            self.question_turn(kind)
        return self.mixed(budget)


def ids_and_weights(turns):
    """Token ids of a chat, and for each id how much the loss counts it as a prediction."""
    ids, weights = [], []
    for user, answer in turns:
        ids += [USER, *user.encode(), END, ASSISTANT]
        weights += [QUIET] * (len(ids) - len(weights))
        for text, weight in answer:
            ids += text.encode()
            weights += [weight] * (len(ids) - len(weights))
        ids.append(END)
        weights.append(answer[-1][1])
    return ids, weights


def batch(seed, step, rows, length):
    """Ids (rows, length + 1) and weights (rows, length) of the predictions; equal arguments give equal arrays."""
    ids, weights = np.full((rows, length + 1), END, np.int64), np.zeros((rows, length + 1), np.float32)
    for i in range(rows):
        maker = Maker(random.Random(f"{seed}/{step}/{i}"))
        chat = (maker.far if maker.r.random() < 0.5 else maker.mixed)(length)
        one, w = ids_and_weights(chat.turns)
        n = min(len(one), length + 1)
        ids[i, :n], weights[i, :n] = one[:n], w[:n]
    return ids, weights[:, 1:]
