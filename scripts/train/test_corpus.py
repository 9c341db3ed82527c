"""Tests of the corpus and of the evaluation's chats. Run: python3 scripts/train/test_corpus.py"""
import random
import re
import unittest

import numpy as np

from corpus import QUIET, Maker, batch, ids_and_weights
from evaluate import DISTANCES, KINDS, SLACK, answer_text, recall_chat
from model import ASSISTANT, Config, END, USER, decode, encode, prompt_ids
from phrases import FACTS, NOT_TOLD
from words import held_out


def makers(count, evaluating=False, budget=1152):
    for i in range(count):
        maker = Maker(random.Random(i), evaluating)
        yield (maker.far if i % 2 else maker.mixed)(budget)


class Corpus(unittest.TestCase):
    def test_equal_seeds_give_equal_batches(self):
        a, b, other = batch(1, 5, 3, 256), batch(1, 5, 3, 256), batch(1, 6, 3, 256)
        self.assertTrue(np.array_equal(a[0], b[0]) and np.array_equal(a[1], b[1]))
        self.assertFalse(np.array_equal(a[0], other[0]))
        self.assertEqual((a[0].shape, a[1].shape), ((3, 257), (3, 256)))

    def test_names_of_the_evaluation_are_never_told_in_training(self):
        for evaluating in (False, True):
            for maker in makers(200, evaluating):
                for kind in {"name", "friend", "pet", "town"} & set(maker.told):
                    self.assertEqual(held_out(maker.told[kind][-1]), evaluating, maker.told[kind])

    def test_rendering_and_weights(self):
        turns = [("Hi", [("Yo", 1.0), ("!", 3.0)]), ("é", [("ok", 2.0)])]
        ids, weights = ids_and_weights(turns)
        self.assertEqual(ids, encode("<|user|>Hi<|end|><|assistant|>Yo!<|end|><|user|>é<|end|><|assistant|>ok<|end|>"))
        self.assertEqual(weights, [QUIET] * 5 + [1.0, 1.0, 3.0, 3.0] + [QUIET] * 5 + [2.0] * 3)
        self.assertEqual(prompt_ids([("Hi", "Yo!"), ("é", None)]), ids[:-3])
        self.assertEqual(decode(ids), "HiYo!éok")

    def test_chats_hold_the_format_and_break_no_mark(self):
        for maker in makers(50):
            ids, _ = ids_and_weights(maker.turns)
            self.assertEqual([i for i in ids if i > 255], [USER, END, ASSISTANT, END] * len(maker.turns))
            self.assertFalse(any("<|" in user + answer_text((user, answer)) for user, answer in maker.turns))

    def test_answers_give_back_what_was_told(self):
        for kind in FACTS:
            maker = Maker(random.Random(kind))
            self.assertEqual(answer_text(maker.ask(kind)), NOT_TOLD)
            told, _ = maker.tell(kind)
            asked = answer_text(maker.ask(kind))
            for value in maker.told[kind]:
                self.assertIn(value, told)
                self.assertIn(value, asked)

    def test_counting_ends_where_asked(self):
        maker = Maker(random.Random(3))
        for _ in range(200):
            user, answer = maker.count()
            numbers = [int(n) for n in re.findall(r"\d+", answer_text((user, answer)))]
            bounds = [int(n) for n in re.findall(r"\d+", user)]
            self.assertEqual(numbers, list(range(bounds[0] if len(bounds) > 1 else 1, bounds[-1] + 1)))

    def test_stories_have_a_hundred_words_and_are_about_what_was_asked(self):
        maker = Maker(random.Random(4))
        for _ in range(300):
            user, answer = maker.story()
            text = answer_text((user, answer))
            self.assertGreaterEqual(len(text.split()), 100)
            self.assertLess(len(text), 1000 if "long" in user else 800)
            for word in re.findall(r"\w+", user.partition(" about ")[2]):
                if word not in ("a", "an", "and", "in", "the"):
                    self.assertIn(word, text)


class Evaluation(unittest.TestCase):
    def test_distances_are_met_and_fit_the_context(self):
        for distance in DISTANCES:
            for kind in KINDS:
                turns = recall_chat(random.Random(f"{kind}{distance}"), kind, distance)
                before, _ = ids_and_weights(turns[:-1])
                whole, _ = ids_and_weights(turns)
                self.assertLessEqual(abs(len(before) - distance), SLACK + 8)  # accents take two bytes
                self.assertLessEqual(len(whole), Config.context)


if __name__ == "__main__":
    unittest.main()
