"""The catalogue: loading, splitting, arrays, the cache, and what it says when something is wrong."""

import subprocess
import sys

import numpy as np
import pytest
from astropy import units
from astropy.cosmology.units import with_H0
from astropy.io import fits
from astropy.table import MaskedColumn, Table
from hypothesis import given, settings
from hypothesis import strategies as st

import clustermass
from clustermass import Catalog, CatalogError, cache, load_catalog
from clustermass.catalog import FEATURE_NAMES, Standardizer
from clustermass.columns import COLUMNS

PUBLISHED_MASS = 2e14


@pytest.fixture
def table(small_table):
    """A thousand rows with the published columns only, free to be changed."""
    return Table(small_table[list(COLUMNS)][:1000], copy=True)


@pytest.fixture
def file(table, tmp_path):
    """The same as a FITS file."""
    path = tmp_path / "table.fits"
    table.write(path)
    return path


def test_a_simulated_catalogue_has_the_published_columns_and_units():
    """load_catalog() without a table gives all columns; masses convert out of h^-1 units."""
    catalog = load_catalog(size=500, seed=3)
    assert len(catalog) == 500
    assert set(COLUMNS) <= set(catalog.table.colnames)
    assert str(catalog.table["sigv"].unit) == "km / s"
    in_solar_masses = catalog.table["M200c"].to("Msun", with_H0(67.77 * units.km / units.s / units.Mpc))
    np.testing.assert_allclose(in_solar_masses.value, catalog.table["M200c"] / 0.6777)
    assert "500 clusters" in repr(catalog)
    assert "seed 3" in repr(catalog)


def test_a_published_table_is_read(table, file):
    """A path given to load_catalog wins over the simulation, value for value."""
    catalog = load_catalog(file)
    assert catalog.table.colnames == list(COLUMNS)
    for name in COLUMNS:
        np.testing.assert_array_equal(catalog.table[name], table[name])
        assert catalog.table[name].dtype.isnative


def test_the_environment_names_a_table(file, monkeypatch):
    """CLUSTERMASS_CATALOG is used when no path is given."""
    monkeypatch.setenv("CLUSTERMASS_CATALOG", str(file))
    assert str(file) in repr(load_catalog())


def test_column_names_match_in_any_case(table, tmp_path):
    """FITS does not tell M200C from M200c, so neither do we."""
    table.rename_column("M200c", "M200C")
    table.write(tmp_path / "upper.fits")
    assert "M200c" in load_catalog(tmp_path / "upper.fits").table.colnames


def test_a_catalogue_survives_a_round_trip(tmp_path, small_table):
    """What `catalog.table.write` saves, units and all, load_catalog reads back."""
    catalog = Catalog(small_table[:100])
    with pytest.warns(match="native FITS format"):
        catalog.table.write(tmp_path / "mine.fits")
    x, y = load_catalog(tmp_path / "mine.fits").arrays()
    np.testing.assert_array_equal(x, catalog.arrays()[0])
    np.testing.assert_array_equal(y, catalog.arrays()[1])


def test_arrays_are_what_models_expect(small_table):
    """x is standardised float32 (n, 14) within [-5, 5]; y is log10(M / 1e14), (n, 1)."""
    x, y = Catalog(small_table).arrays()
    assert (x.shape, x.dtype) == ((len(small_table), len(FEATURE_NAMES)), np.float32)
    assert (y.shape, y.dtype) == ((len(small_table), 1), np.float32)
    np.testing.assert_allclose(x.mean(axis=0), 0.0, atol=0.02)
    np.testing.assert_allclose(x.std(axis=0), 1.0, atol=0.05)
    assert np.abs(x).max() == 5.0  # heavy tails: some kurtosis is always beyond
    np.testing.assert_allclose(y[:, 0], np.log10(small_table["M200c"] / 1e14), atol=1e-6)


def test_features_come_in_the_documented_order(table):
    """Each feature is its column, richness and dispersion as logarithms."""
    features = Catalog(table).features()
    for j, name in enumerate(FEATURE_NAMES):
        expected = np.log10(table[name[6:]]) if name.startswith("log10") else table[name]
        np.testing.assert_allclose(features[:, j], expected, rtol=1e-6, err_msg=name)


def test_the_test_set_is_standardised_like_the_training_set(small_table):
    """Both parts of a split, and `like=`, use the training set's statistics, not their own."""
    train, test = Catalog(small_table).split(train=5000)
    statistics = Standardizer.of(train.features())
    np.testing.assert_array_equal(test.arrays()[0], statistics(test.features()))
    fresh = Catalog(test.table)
    np.testing.assert_array_equal(fresh.arrays(like=train)[0], test.arrays()[0])
    np.testing.assert_array_equal(fresh.arrays(like=statistics)[0], test.arrays()[0])
    assert not np.array_equal(fresh.arrays()[0], test.arrays()[0])


def test_a_constant_feature_stays_finite(table):
    """A feature that never varies is centred, not divided by zero."""
    table["R_kurt"] = 1.0
    x, _ = Catalog(table).arrays()
    assert np.isfinite(x).all()


def test_making_a_catalogue_leaves_the_table_alone(table):
    """Units are set on the catalogue's table, not on the caller's."""
    Catalog(table)
    assert table["M200c"].unit is None


def test_a_split_is_reproducible(small_table):
    """Same seed, same rows in the same order; another seed, others."""
    catalog = Catalog(small_table)
    first, again, other = (catalog.split(train=9000, seed=seed)[0].table["sigv"] for seed in (4, 4, 5))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=30), st.data())
def test_a_split_is_exact_disjoint_and_keeps_clusters_together(lines_of_sight, data):
    """Exactly `train` rows, no cluster on both sides, fewer rows dropped than one cluster has."""
    cluster_id = np.repeat(np.arange(len(lines_of_sight)), lines_of_sight)
    catalog = Catalog(_fake_table(cluster_id))
    last_fits = len(cluster_id) - max(lines_of_sight)
    if last_fits < 1:
        return
    size = data.draw(st.integers(1, last_fits))
    train, test = catalog.split(train=size, seed=data.draw(st.integers(0, 2**32)))
    assert len(train) == size
    assert not set(train.table["cluster_id"]) & set(test.table["cluster_id"])
    rows = np.concatenate([train.table["row"], test.table["row"]])
    assert len(np.unique(rows)) == len(rows)
    assert len(cluster_id) - len(rows) < max(lines_of_sight)


def test_equal_masses_stand_for_one_cluster(table):
    """Without a cluster_id, rows of exactly equal mass stay together."""
    table["M200c"] = np.repeat(1e14 + np.arange(250), 4)
    train, test = Catalog(table).split(train=500)
    assert not set(train.table["M200c"]) & set(test.table["M200c"])


def test_the_full_catalogue_splits_as_the_course_needs(full_table):
    """200,000 clusters to train on, and nearly all the others to test on."""
    train, test = Catalog(full_table).split()
    assert len(train) == 200_000
    assert 61_230 < len(test) <= 61_287


@pytest.mark.parametrize("size", [0, 1000, 200_000])
def test_an_impossible_split_says_what_to_ask_for(table, size):
    """The message counts the clusters there are and gives a call that works."""
    with pytest.raises(ValueError, match=r"has 1,000 clusters.*split\(train=800\)"):
        Catalog(table).split(train=size)


def test_a_split_that_leaves_only_lines_of_sight_of_training_clusters_is_refused(table):
    """One cluster seen a thousand times cannot be split."""
    table["M200c"] = PUBLISHED_MASS
    with pytest.raises(ValueError, match="equal M200c"):
        Catalog(table).split(train=10)


def test_a_missing_file_is_named(tmp_path):
    """The message has the path and the way out."""
    with pytest.raises(FileNotFoundError, match=r"nowhere\.fits.*CLUSTERMASS_CATALOG"):
        load_catalog(tmp_path / "nowhere.fits")


def test_a_file_that_is_not_fits_is_named(tmp_path):
    """Text is refused, with the file's name."""
    (tmp_path / "notes.fits").write_text("M200c,Ngal\n1e14,20\n")
    with pytest.raises(CatalogError, match=r"notes\.fits.*not a readable FITS"):
        load_catalog(tmp_path / "notes.fits")


def test_an_image_is_no_catalogue(tmp_path):
    """A FITS file without a table is told apart from a broken one."""
    fits.PrimaryHDU(np.zeros((4, 4))).writeto(tmp_path / "image.fits")
    with pytest.raises(CatalogError, match=r"image\.fits.*no table"):
        load_catalog(tmp_path / "image.fits")


def test_a_missing_column_is_named(table, tmp_path):
    """The message lists what is missing, what is there and what is expected."""
    table.rename_column("sigv", "sigma")
    table.write(tmp_path / "renamed.fits")
    with pytest.raises(CatalogError, match=r"renamed\.fits: column sigv is missing\. Seen: M200c.*Expected"):
        load_catalog(tmp_path / "renamed.fits")


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("R_kurt", np.nan, "a finite number"),
        ("v_mean", np.inf, "a finite number"),
        ("M200c", -1e14, "a positive number"),
        ("sigv", 0.0, "a positive number"),
        ("m_std", -0.1, "zero or more"),
    ],
)
def test_bad_values_are_named_with_file_column_and_rows(table, tmp_path, column, value, expected):
    """The message tells file, column, how many rows, the first few of them, and what was expected."""
    table[column][[7, 9]] = value
    table.write(tmp_path / "bad.fits")
    with pytest.raises(CatalogError) as error:
        load_catalog(tmp_path / "bad.fits")
    for part in ("bad.fits", f"column {column}", expected, "2 of 1,000", "row 7:", "row 9:"):
        assert part in str(error.value)


def test_masked_values_count_as_missing(table):
    """A masked entry is refused like a NaN."""
    table["Ngal"] = MaskedColumn(table["Ngal"], mask=np.arange(1000) == 3)
    with pytest.raises(CatalogError, match=r"column Ngal.*row 3"):
        Catalog(table)


def test_text_is_no_number(table):
    """A column of strings is named with its type."""
    table["Ngal"] = table["Ngal"].astype(str)
    with pytest.raises(CatalogError, match="column Ngal holds <U"):
        Catalog(table)


def test_an_empty_table_is_refused(table):
    """No rows, no catalogue."""
    with pytest.raises(CatalogError, match="has no rows"):
        Catalog(table[:0])


@pytest.fixture
def cached(tmp_path, monkeypatch):
    """An empty cache folder of this test's own."""
    monkeypatch.setenv("CLUSTERMASS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _forbid_simulation(monkeypatch):
    def fail(*_):
        raise AssertionError("simulated although a sound copy was cached")

    monkeypatch.setattr("clustermass.simulation.simulate", fail)


def test_a_second_load_comes_from_the_cache(cached, monkeypatch):
    """The cached table equals the simulated one, and no simulation runs."""
    first = load_catalog(size=300, seed=8).table
    assert [path.name for path in cached.iterdir()] == ["simulated-300-8.fits"]
    _forbid_simulation(monkeypatch)
    second = load_catalog(size=300, seed=8).table
    for name in first.colnames:
        np.testing.assert_array_equal(first[name], second[name])


def test_the_cached_file_tells_how_it_was_made(cached):
    """Seed, size, version and every parameter are in the header."""
    load_catalog(size=300, seed=8)
    header = fits.getheader(cached / "simulated-300-8.fits", 1)
    assert (header["SIMSIZE"], header["SIMSEED"]) == ("300", "8")
    assert "redshift = 0.117" in list(header["COMMENT"])


def _cut_short(path):
    path.write_bytes(path.read_bytes()[:9000])


def _flip_a_byte(path):
    data = bytearray(path.read_bytes())
    data[-9000] ^= 0xFF
    path.write_bytes(bytes(data))


def _replace_by_text(path):
    path.write_text("not a table")


def _outdate(path):
    fits.setval(path, "SIMPARAM", value="0123456789abcdef", ext=1)


@pytest.mark.parametrize("damage", [_cut_short, _flip_a_byte, _replace_by_text, _outdate])
def test_a_damaged_or_outdated_copy_is_replaced(cached, damage, monkeypatch, recwarn):
    """Whatever happened to the file: the right table, no warning, and a sound file afterwards."""
    good = load_catalog(size=300, seed=8).table
    damage(cached / "simulated-300-8.fits")
    again = load_catalog(size=300, seed=8).table
    np.testing.assert_array_equal(good["sigv"], again["sigv"])
    assert not [str(warning.message) for warning in recwarn.list]
    _forbid_simulation(monkeypatch)
    np.testing.assert_array_equal(good["sigv"], load_catalog(size=300, seed=8).table["sigv"])


def test_an_unwritable_cache_stops_nobody(tmp_path, monkeypatch, capfd, recwarn):
    """Where the folder cannot be made the catalogue is simulated all the same, without a word."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CLUSTERMASS_CACHE", str(tmp_path / "file" / "cache"))
    assert len(load_catalog(size=300, seed=8)) == 300
    assert capfd.readouterr() == ("", "")
    assert not [str(warning.message) for warning in recwarn.list]


def test_a_failed_write_leaves_nothing_behind(cached, monkeypatch):
    """The table is written beside its place and moved there whole, or removed."""

    def full_disk(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(cache.os, "replace", full_disk)
    assert len(load_catalog(size=300, seed=8)) == 300
    assert list(cached.iterdir()) == []


def test_importing_the_package_is_light():
    """`import clustermass` loads none of the heavy packages."""
    code = (
        "import sys, clustermass; print(*{'jax', 'astropy', 'numpy', 'colossus', 'flax'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_every_name_of_the_api_list_exists():
    """`__all__` promises nothing that cannot be had, and a typo is answered with the list."""
    for name in clustermass.__all__:
        assert getattr(clustermass, name) is not None
    with pytest.raises(AttributeError, match=r"no attribute 'load_catalogue'; it offers .*load_catalog"):
        _ = clustermass.load_catalogue


def _fake_table(cluster_id):
    """A valid table with the given clusters; `row` numbers its rows."""
    n = len(cluster_id)
    columns = {name: np.linspace(1.0, 2.0, n) for name in COLUMNS}
    return Table({**columns, "cluster_id": cluster_id, "row": np.arange(n)})
