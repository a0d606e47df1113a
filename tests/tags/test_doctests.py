"""The examples in the docstrings of the pure modules are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name", ["codes", "engraving", "links", "ndef", "profiles", "vendor_files", "virtual"]
)
def test_the_examples_are_true(name):
    results = doctest.testmod(importlib.import_module(f"tags.{name}"))

    assert results.attempted
    assert not results.failed
