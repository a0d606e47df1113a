"""The examples in the docstrings of the pure core are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["canonical", "keys", "credentials", "verdict"])
def test_the_examples_are_true(name):
    module = importlib.import_module(f"provenance.{name}")

    results = doctest.testmod(module)

    assert results.attempted
    assert not results.failed
