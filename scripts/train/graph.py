"""The exported graph of seam-chat: written from weights, and read back as weights. The only file that needs the onnx package."""
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from model import rotary

POSITIONS = 4096  # rows of the rotary tables; the context the model is trained for is Config.context
NAMES = {"norm1.weight": "input_layernorm.weight", "norm2.weight": "post_attention_layernorm.weight",
         "wq": "self_attn.q_proj", "wk": "self_attn.k_proj", "wv": "self_attn.v_proj", "wo": "self_attn.o_proj",
         "gate": "mlp.gate_proj", "up": "mlp.up_proj", "down": "mlp.down_proj"}


def onnx_name(key):
    """PyTorch parameter name -> initialiser name."""
    if not key.startswith("layers."):
        return {"embed": "model.embed_tokens", "head": "lm_head", "norm.weight": "model.norm.weight"}[key]
    _, layer, rest = key.split(".", 2)
    return f"model.layers.{layer}.{NAMES[rest]}"


def read(path, keys):
    """Weights of an exported graph, by PyTorch parameter name."""
    have = {i.name: i for i in onnx.load(str(path)).graph.initializer}
    return {k: torch.from_numpy(numpy_helper.to_array(have[onnx_name(k)]).copy()) for k in keys}


def graph(model):
    """The ONNX graph: GroupQueryAttention with rotary inside; past and present may be one buffer of full capacity."""
    c = model.cfg
    nodes, constants = [], []

    def const(name, value):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(kind, inputs, output, domain="", **attributes):
        outputs = output if isinstance(output, list) else [output]
        nodes.append(helper.make_node(kind, inputs, outputs, name=f"{kind}/{outputs[0]}", domain=domain, **attributes))
        return outputs[0]

    weights = {k: const(onnx_name(k), v.numpy().astype(np.float32)) for k, v in model.state_dict().items()}
    cos, sin = rotary(POSITIONS, c)
    const("cos_cache", cos.numpy()), const("sin_cache", sin.numpy())
    const("axis1", np.array([1], np.int64)), const("one", np.array(1, np.int64))
    op("ReduceSum", ["attention_mask", "axis1"], "lengths", keepdims=0)
    op("Sub", ["lengths", "one"], "last")
    op("Cast", ["last"], "seqlens_k", to=TensorProto.INT32)
    op("Shape", ["attention_mask"], "mask_shape")
    op("Gather", ["mask_shape", "one"], "mask_width", axis=0)
    op("Cast", ["mask_width"], "total_length", to=TensorProto.INT32)

    norm = lambda x, w, out: op("SimplifiedLayerNormalization", [x, w], out, axis=-1, epsilon=c.eps)
    x = op("Gather", [weights["embed"], "input_ids"], "hidden", axis=0)
    info, cache_in, cache_out = helper.make_tensor_value_info, [], []
    for i in range(c.layers):
        w = lambda key: weights[f"layers.{i}.{key}"]
        at = lambda name: f"layers.{i}/{name}"
        past, present = [[f"{stem}.{i}.{kv}" for kv in ("key", "value")] for stem in ("past_key_values", "present")]
        cache_in += [info(n, TensorProto.FLOAT, ["batch_size", c.kv_heads, "past_sequence_length", c.head_dim]) for n in past]
        cache_out += [info(n, TensorProto.FLOAT, ["batch_size", c.kv_heads, "total_sequence_length", c.head_dim]) for n in present]
        h = norm(x, w("norm1.weight"), at("norm1"))
        qkv = [op("MatMul", [h, w("w" + n)], at(n)) for n in "qkv"]
        op("GroupQueryAttention", [*qkv, *past, "seqlens_k", "total_length", "cos_cache", "sin_cache"], [at("attention"), *present],
           domain="com.microsoft", num_heads=c.heads, kv_num_heads=c.kv_heads, do_rotary=1, rotary_interleaved=0)
        x = op("Add", [x, op("MatMul", [at("attention"), w("wo")], at("o"))], at("mid"))
        h = norm(x, w("norm2.weight"), at("norm2"))
        gate, up = op("MatMul", [h, w("gate")], at("gate")), op("MatMul", [h, w("up")], at("up"))
        silu = op("Mul", [gate, op("Sigmoid", [gate], at("sigmoid"))], at("silu"))
        x = op("Add", [x, op("MatMul", [op("Mul", [silu, up], at("product")), w("down")], at("down"))], at("out"))
    op("MatMul", [norm(x, weights["norm.weight"], "norm"), weights["head"]], "logits")
    inputs = [info("input_ids", TensorProto.INT64, ["batch_size", "sequence_length"]),
              info("attention_mask", TensorProto.INT64, ["batch_size", "total_sequence_length"]), *cache_in]
    outputs = [info("logits", TensorProto.FLOAT, ["batch_size", "sequence_length", c.vocab]), *cache_out]
    made = helper.make_model(helper.make_graph(nodes, "seam-chat", inputs, outputs, constants), producer_name="openseam",
                             opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])
    made.ir_version = 8
    return made
