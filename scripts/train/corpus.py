"""Chats made from a seed: facts told and asked back, stories, counting, spelling, repeating, small talk.

A turn is (user text, answer), an answer is a list of (text, weight): the weight says how much the loss counts its bytes.
A chat is rendered as <|user|>text<|end|><|assistant|>text<|end|>... with no line breaks.
"""
import random

import numpy as np

from model import ASSISTANT, END, USER
from words import (ANIMALS, COLORS, FEELINGS, FIRST_NAMES, OBJECTS, PET_ANIMALS, PETS, PLACES, TOPICS, TOWNS, invented, proper)

QUIET = 0.02  # weight of the user's text, which the model never has to write
NOT_TOLD = "You have not told me yet."
UNKNOWN = "I do not know that. I am only a very small model."
WHAT = "I see. You can ask me for a story, or tell me your name."

# kind: (ways to tell it, what is answered, ways to ask for it, the answer)
FACTS = {
    "name": (["My name is {0}.", "Hello, I am {0}.", "Hi! Call me {0}.", "I am {0}.", "My name's {0}.", "Hi, my name is {0}.", "I'm {0}."],
             "Nice to meet you, {0}.",
             ["What is my name?", "What is my name?", "What's my name?", "Who am I?", "Do you remember my name?", "Do you know my name?"],
             "Your name is {0}."),
    "object": (["I have {an0} {1}.", "I have {an0} {1}.", "I've got {an0} {1}.", "I own {an0} {1}."], "{An0} {1}, good to know.",
               ["What do I have?", "What do I have?", "What did I say I have?", "What do I own?"], "You have {an0} {1}."),
    "pet": (["My {0} is called {1}.", "My {0} is called {1}.", "I have {an0} called {1}.", "My {0}'s name is {1}.", "The name of my {0} is {1}."],
            "{1} is a fine name for {an0}.",
            ["What is my pet called?", "What is my pet called?", "What is my {0} called?", "What is the name of my {0}?", "What's my pet's name?"],
            "Your {0} is called {1}."),
    "town": (["I live in {0}.", "I live in {0}.", "My home is in {0}.", "I am from {0}.", "I come from {0}."], "I hope {0} is lovely.",
             ["Where do I live?", "Where do I live?", "Where is my home?", "Where am I from?", "Which town do I live in?"], "You live in {0}."),
    "number": (["Please remember the number {0}.", "Please remember the number {0}.", "Remember the number {0}.", "Remember {0}.", "My number is {0}."],
               "I will remember {0}.",
               ["Which number did I give you?", "Which number did I give you?", "What number did I give you?", "What was the number?", "What is my number?"],
               "The number is {0}."),
    "color": (["My favorite color is {0}.", "I like the color {0}."], "{0} is a nice color.", ["What is my favorite color?", "Which color do I like?"],
              "Your favorite color is {0}."),
    "friend": (["My best friend is {0}.", "My friend is called {0}."], "{0} must be a good friend.",
               ["Who is my best friend?", "Who is my friend?", "What is my friend called?"], "Your friend is {0}."),
}
SMALL_TALK = [
    (["Hello", "Hello.", "Hello!", "Hi", "Hi!", "Hey", "Hi there!", "Good morning.", "Good evening."], "Hello! I am seam-chat. What is your name?"),
    (["Who are you?", "What are you?", "What is your name?", "Are you a robot?", "Are you human?", "Introduce yourself."],
     "I am seam-chat, a very small model. I remember what you tell me, and I tell stories."),
    (["What can you do?", "Help", "Help me.", "How can you help me?", "What do you know?"],
     "I can remember what you tell me, tell a story, count, spell and repeat words."),
    (["How are you?", "How are you today?", "How is it going?"], "I am well, thank you."),
    (["Thank you.", "Thanks", "Thanks!", "Thank you very much!", "Thank you!"], "You are welcome."),
    (["OK.", "Ok", "Good.", "Great!", "Nice.", "Wow!", "That was a nice story.", "Cool", "Yes.", "No."], "I am glad to hear from you."),
    (["Goodbye.", "Bye", "Bye!", "See you.", "Good night."], "Goodbye. It was nice to talk to you."),
]
QUESTIONS = [
    "What is the capital of {N}?", "Who wrote {w}?", "How do I cook {w}?", "What is {w}?", "Why is the {p} {c}?", "How far is the {p}?",
    "Who is {N}?", "When was {N} born?", "What does {w} mean?", "Can you translate {w}?", "Write a poem about {w}.", "How does a {o} work?",
    "What time is it?", "What is the weather in {N}?", "How many {a}s are there?", "Write a program that sorts {o}s.", "Is {N} bigger than {M}?",
    "Explain {w} to me.", "What is the meaning of life?", "Who won the game in {N}?", "How old are you?", "How old is {N}?", "Where is {N}?",
    "Which is better, a {o} or a {a}?", "Do you like {w}?", "Can you sing?", "What is {n} times {n}?", "Give me a recipe for {w}.",
    "Why do {a}s sleep?", "How much does a {o} cost?", "What happened in {n}?", "Tell me a joke.", "Tell me about {w}.", "Tell me something about {N}.",
]
REMARKS = ["I like {w}.", "The {p} is {c}.", "It is cold today.", "{N} is my boss.", "I saw a {a} by the {p}.", "I am {f}.", "Today is a good day.",
           "I want to buy a {o}.", "{w} {w} {w}", "{N} and {M} went to the {p}.", "This is a test.", "test", "{w}", "I do not like {a}s.", "We have {n} {o}s."]
SYSTEM = ["You are a helpful assistant.", "Be brief.", "You are seam-chat.", "Answer in English.", "You are a friendly and careful assistant. Be kind."]

# The slots of a story, in order; each slot has ways to say it. Only long stories have every slot.
SPARE = (3, 4, 6, 8, 10, 11, 12, 13)
STORY = [
    ["Once upon a time {who} lived near the {p}.", "Long ago {who} lived in a small house near the {p}."],
    ["{who} had {thing}, and there was no other like it.", "{who} had {thing} and took it everywhere."],
    ["One day {who} met {an_a} by the {p}.", "One morning {an_a} came to the door of {who}."],
    ["The {a} asked {who} about the {o}.", "The {a} looked at the {o} for a long time and said nothing."],
    ["{who} said that the {o} came from a far away land.", "{who} told the {a} that the {o} was a gift from an old friend."],
    ["Then the {a} and {who} walked to the {p2} together.", "So {who} and the {a} went to the {p2} to see what was there."],
    ["The way was long, but {who} was {f} and sang a little song.", "Rain fell on the way, but the {a} stayed {f}."],
    ["At the {p2} the wind was strong, and the {o} was gone.", "At the {p2} {who} slept, and when the sun came up the {o} was gone."],
    ["{who} looked under every stone, and the {a} looked behind every tree.", "{who} asked everyone in the {p2}, but nobody had seen the {o}."],
    ["At last the {a} found the {o} in the tall grass.", "At last {who} saw the {o} beside the water."],
    ["{who} was {f2} and gave the {a} some bread and honey.", "{who} felt {f2} and thanked the {a} three times."],
    ["At night they made a small fire, and the {a} told of the old days.", "At night the {a} sang, and {who} listened until the stars came out."],
    ["In the morning they went home, and the {o} was safe.", "In the morning they walked back to the {p} with the {o}."],
    ["From that day on the {a} came to visit {who} every week.", "After that {who} never left the {o} alone again."],
    ["And so {who} kept the {o} forever.", "In the end {who} and the {a} became good friends.", "That is the story of {who} and the {a}."],
]


def an(word):
    return ("an " if word[0].lower() in "aeiou" else "a ") + word


def fill(text, *values):
    named = {"an0": an(values[0]), "An0": an(values[0]).capitalize()}
    return text.format(*values, **named)


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
