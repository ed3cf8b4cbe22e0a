"""The model for what is wrong with a pack, a tablet or a capsule; learnt as `told` is."""

from __future__ import annotations

from dataclasses import replace

from tools.training import told

RECIPE = replace(
    told.RECIPE, name="pack", positive=3.0, threshold=-0.6, examples=told.examples_of_packs
)
