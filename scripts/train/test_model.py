"""Tests of the network and of the exported directory. Run: python3 scripts/train/test_model.py (needs torch and onnx)"""
import json
import unittest

import torch

from export import byte_letters, settings
from graph import graph, onnx_name, read
from model import MODEL_DIR, Config, Model, greedy, load


class Network(unittest.TestCase):
    def test_cache_and_whole_pass_agree(self):
        torch.manual_seed(0)
        model, ids = Model().eval(), torch.randint(0, 259, (2, 300))
        with torch.no_grad():
            whole, _ = model(ids)
            first, cache = model(ids[:, :280])
            rest, _ = model(ids[:, 280:], cache)
        self.assertTrue(torch.allclose(whole, torch.cat([first, rest], 1), atol=1e-4))

    def test_nothing_looks_ahead(self):
        torch.manual_seed(0)
        model, ids = Model().eval(), torch.randint(0, 259, (1, 280))
        with torch.no_grad():
            self.assertTrue(torch.allclose(model(ids)[0][:, :50], model(ids[:, :50])[0], atol=1e-4))


class Exported(unittest.TestCase):
    def test_letters_name_every_byte_once(self):
        self.assertEqual(len(set(byte_letters())), 256)
        self.assertEqual(byte_letters()[ord("a")], "a")
        self.assertEqual(byte_letters()[ord(" ")], "Ġ")

    def test_weights_survive_the_graph(self):
        model = load(MODEL_DIR / "onnx" / "model.onnx")
        names = {i.name for i in graph(model).graph.initializer}
        self.assertTrue({onnx_name(k) for k in model.state_dict()} <= names)
        again = read(MODEL_DIR / "onnx" / "model.onnx", model.state_dict())
        self.assertTrue(all(torch.equal(v, again[k]) for k, v in model.state_dict().items()))

    def test_files_are_what_the_script_writes(self):
        for name, value in settings(Config()).items():
            self.assertEqual(json.loads((MODEL_DIR / name).read_text()), value, name)
        self.assertLess(sum(f.stat().st_size for f in MODEL_DIR.rglob("*") if f.is_file()), 8_000_000)

    def test_golden_belongs_to_the_weights(self):
        model = load(MODEL_DIR / "onnx" / "model.onnx")
        for case in json.loads((MODEL_DIR / "golden.json").read_text())["cases"][:2]:
            self.assertEqual(greedy(model, [case["prompt"]], 64, stop=False)[0], case["greedy"])


if __name__ == "__main__":
    unittest.main()
