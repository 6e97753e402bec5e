"""Catalogues made once per session, in a cache of their own: the user's is neither read nor written."""

import sys
from pathlib import Path

import pytest

from clustermass.simulation import simulate

# The comparison with the published anchors is a benchmark that the tests share.
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Keep simulated catalogues in a temporary folder, and ignore a published table the user may have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLUSTERMASS_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("CLUSTERMASS_CATALOG", raising=False)
        yield


@pytest.fixture(scope="session")
def small_table():
    """A catalogue of 20,000 rows; copy it before changing it."""
    return simulate(20_000, seed=1)


@pytest.fixture(scope="session")
def full_table():
    """The catalogue that `load_catalog()` simulates, 261,287 rows."""
    return simulate()
