"""Tunes the encoder on annotated windows, and reads documents with it."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from hypecheck.score.contextual import UNREAD, pool
from hypecheck.score.windows import MASK, make_windows
from hypecheck.train.encoder import Recipe, Tagger
from hypecheck.train.vectors import TAGGED, Encoded
from hypecheck.train.windows import DEVICE, Example, Labels, collate, pieces_of, shuffled, starts_of

ROLE_SHARE = 0.2
"""Weight of the roles' loss beside the tags'. On the 984 documents of that day, with 0.1 and roles pooled by the plain
mean of their pieces, the average precision of named harms in held-out real documents was 0.57, with 0.2 and this
pooling 0.67; words kept theirs."""


def fit_encoder(
    examples: Sequence[Example],
    base: Path,
    recipe: Recipe,
    *,
    checkpoint: Path,
    say: Callable[[str], None],
) -> Tagger:
    """Tune the encoder; goes on from `checkpoint` where an earlier run of the same recipe and data stopped."""
    torch.manual_seed(recipe.seed)
    torch.set_flush_denormal(True)
    tagger = Tagger(base, recipe.dropout).to(DEVICE)
    optimizer, rates = _optimizer(tagger, recipe)
    key = _key(examples, recipe)
    mean = _Mean(recipe.average)
    state = _read_checkpoint(checkpoint, key)
    if state:
        tagger.load_state_dict(state["tagger"])
        optimizer.load_state_dict(state["optimizer"])
        mean.load(state["mean"])
    for epoch in range(state["epoch"] if state else 0, recipe.epochs):
        # A resumed run sees the batches and the dropped channels that an unbroken one would have seen.
        torch.manual_seed(recipe.seed + epoch)
        started = time.monotonic()
        batches = shuffled(examples, recipe.batch, random.Random(recipe.seed + epoch))
        loss = _epoch(tagger, optimizer, rates, examples, batches, epoch, recipe, mean)
        say(f"epoch {epoch + 1} of {recipe.epochs}: loss {loss:.4f}, {time.monotonic() - started:.0f} s")
        _write_checkpoint(
            checkpoint,
            {
                "key": key,
                "epoch": epoch + 1,
                "tagger": tagger.state_dict(),
                "optimizer": optimizer.state_dict(),
                "mean": mean.values,
            },
        )
    mean.copy_to(tagger)
    return tagger.eval()


def read_encoded(
    tagger: Tagger, encoded: Sequence[Encoded], tokenizer: Tokenizer, labels: Labels
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-odds of words and of lines in the rows of `labels`; UNREAD elsewhere."""
    tags = np.full(labels.tags.shape, UNREAD)
    roles = np.full(labels.roles.shape, UNREAD)
    tagger.eval()
    with torch.no_grad():
        for item in encoded:
            starts = starts_of(item)
            for window in make_windows(item.lines, pieces_of(tokenizer)):
                ids = torch.tensor([window.ids], device=DEVICE)
                odds = tagger(ids, torch.ones_like(ids))[0].double().cpu().numpy()
                for s in window.stretches:
                    row = starts[s.line] + s.first
                    tags[row : row + len(s.pieces)] = odds[list(s.pieces), : len(TAGGED)]
                    line = item.line_row + s.line
                    roles[line] = np.maximum(roles[line], pool(odds[s.start : s.end, len(TAGGED) :]))
    return tags, roles


def _epoch(
    tagger: Tagger,
    optimizer: torch.optim.Optimizer,
    rates: Sequence[float],
    examples: Sequence[Example],
    batches: Sequence[Sequence[int]],
    epoch: int,
    recipe: Recipe,
    mean: _Mean,
) -> float:
    tagger.train()
    total = 0.0
    for number, chosen in enumerate(batches):
        share = _pace((epoch * len(batches) + number) / (recipe.epochs * len(batches)), recipe.warm)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * share
        loss = _loss(tagger, [examples[i] for i in chosen], recipe)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
        optimizer.step()
        mean.add(tagger)
        total += float(loss.detach())
    return total / len(batches)


def _loss(tagger: Tagger, examples: Sequence[Example], recipe: Recipe) -> Tensor:
    batch = collate([example.window for example in examples])
    hidden = (torch.rand(batch.ids.shape, device=DEVICE) < recipe.hide) & (batch.ids > MASK)
    ids = batch.ids.masked_fill(hidden, MASK)
    # Half precision reads twice the pieces a second; the losses stay in single.
    with torch.autocast(DEVICE, dtype=torch.bfloat16):
        odds = tagger(ids, batch.mask).flatten(0, 1)
    tags = odds[batch.words, : len(TAGGED)]
    # The log of a mean of exponentials, as `pool` takes it when the model reads.
    roles = torch.log(batch.spread @ odds[:, len(TAGGED) :].float().clamp(UNREAD, -UNREAD).exp())
    return _entropy(tags, [e.tags for e in examples], [e.tag_weight for e in examples]) + ROLE_SHARE * _entropy(
        roles, [e.roles for e in examples], [e.role_weight for e in examples]
    )


def _entropy(odds: Tensor, labels: Sequence[NDArray[np.int8]], each: Sequence[float]) -> Tensor:
    truth = torch.from_numpy(np.concatenate(labels)).float().to(DEVICE)
    weights = torch.tensor(
        [weight for weight, rows in zip(each, labels, strict=True) for _ in rows], device=DEVICE
    ).unsqueeze(1)
    losses = nn.functional.binary_cross_entropy_with_logits(odds.float(), truth, reduction="none")
    return (losses * weights).sum() / weights.sum().clamp(min=1.0)


def _pace(done: float, warm: float) -> float:
    """The share of the learning rate: up to `warm` of the run it rises from nothing, then it falls to nothing."""
    return done / warm if done < warm else (1 - done) / (1 - warm)


def _optimizer(tagger: Tagger, recipe: Recipe) -> tuple[torch.optim.Optimizer, list[float]]:
    layers = list(tagger.encoder.encoder.layer)
    groups: list[dict[str, Any]] = [
        {"params": list(layer.parameters()), "lr": recipe.rate * recipe.decay ** (len(layers) - 1 - depth)}
        for depth, layer in enumerate(layers)
    ]
    heads = [*tagger.tags.parameters(), *tagger.roles.parameters()]
    groups.append({"params": heads, "lr": recipe.head_rate})
    return torch.optim.AdamW(groups, weight_decay=0.01), [group["lr"] for group in groups]


@dataclass(slots=True)
class _Mean:
    """A running mean of the tuned weights, which generalises better than the last step's; none where `rate` is 0."""

    rate: float
    values: dict[str, Tensor] = field(default_factory=dict)

    def add(self, tagger: Tagger) -> None:
        if not self.rate:
            return
        with torch.no_grad():
            for name, value in tagger.named_parameters():
                if value.requires_grad:
                    known = self.values.setdefault(name, value.detach().clone())
                    known.lerp_(value, 1 - self.rate)

    def load(self, values: dict[str, Tensor]) -> None:
        self.values = values

    def copy_to(self, tagger: Tagger) -> None:
        with torch.no_grad():
            for name, value in tagger.named_parameters():
                if name in self.values:
                    value.copy_(self.values[name])


def _key(examples: Sequence[Example], recipe: Recipe) -> str:
    digest = hashlib.sha256(repr(asdict(recipe)).encode())
    for example in examples:
        digest.update(repr(example.window.ids).encode() + example.tags.tobytes() + example.roles.tobytes())
    return digest.hexdigest()


def _read_checkpoint(file: Path, key: str) -> dict[str, Any] | None:
    if not file.is_file():
        return None
    state = torch.load(file, map_location=DEVICE, weights_only=True)
    return state if state["key"] == key else None


def _write_checkpoint(file: Path, state: dict[str, Any]) -> None:
    beside = file.with_suffix(".part")
    torch.save(state, beside)
    beside.replace(file)
