"""Writes a tuned encoder as ONNX with weights of eight bits. Needs the extra `train-contextual`."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from hypecheck.train.encoder import Tagger

OPSET = 17
"""Read by every onnxruntime since 1.13."""

QUANTISED = ["MatMul", "Gather"]
"""The linear layers and the table of word pieces, which together are nearly all of the weights."""


class _FullAttention(nn.Module):
    """The tagger for rows of one length: nothing is padded, so nothing is masked."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__()
        self.tagger = tagger

    def forward(self, ids: Tensor) -> Tensor:
        return self.tagger(ids, torch.ones_like(ids))


def write_onnx(tagger: Tagger, file: Path, *, quantise: bool = True) -> None:
    """Write rows of ids in, log-odds of rows by pieces by columns out.

    Weights are rounded to int8 with a scale a column; activations at run time, with a scale a call.
    """
    tagger = tagger.eval().cpu()
    tagger.encoder.config._attn_implementation = "eager"
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer names every branch on a shape
        whole = Path(folder) / "float.onnx"
        torch.onnx.export(
            _FullAttention(tagger),
            (torch.randint(1000, 2000, (2, 20)),),
            whole,
            input_names=["ids"],
            output_names=["odds"],
            dynamic_axes={"ids": {0: "rows", 1: "pieces"}, "odds": {0: "rows", 1: "pieces"}},
            opset_version=OPSET,
            dynamo=False,
        )
        if not quantise:
            file.write_bytes(whole.read_bytes())
            return
        logging.getLogger().setLevel(logging.ERROR)  # the quantiser advises a step that gains nothing here
        small = Path(folder) / "int8.onnx"
        quantize_dynamic(whole, small, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=QUANTISED)
        _fuse(small, file)


def _fuse(whole: Path, file: Path) -> None:
    """Write the graph with its nodes fused, which every start would do again: a third of the session's time.

    Fused as far as no one processor's layout is built in: up to onnxruntime's extended level.
    """
    options = SessionOptions()
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(file)
    options.log_severity_level = 4
    InferenceSession(whole, options, providers=["CPUExecutionProvider"])
