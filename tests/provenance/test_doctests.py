"""The examples in the docstrings of the pure core are true."""

import doctest
import importlib

import pytest

EXPLAINED = ["canonical", "keys", "credentials", "verdict", "identity"]
EXPLAINED += ["making_words", "making_label_words", "making_told"]
EXPLAINED += ["assertions", "domains", "identity"]


@pytest.mark.parametrize("name", EXPLAINED)
def test_the_examples_are_true(name):
    module = importlib.import_module(f"provenance.{name}")

    results = doctest.testmod(module)

    assert results.attempted
    assert not results.failed
