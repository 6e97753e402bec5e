"""The simulation: reproducible, physical, and like the published catalogue."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from clustermass import Catalog
from clustermass.simulation import DEFAULT, Parameters, halos, profiles, run, simulate, simulate_flat
from clustermass.simulation.moments import grouped_moments

GOLDEN = [13.785969, 29.2000, 485.927]  # mean log10 mass, galaxies and dispersion of simulate(50, seed=0)


def assert_same(a, b):
    """All columns equal."""
    assert a.colnames == b.colnames
    for name in a.colnames:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)


@pytest.fixture(scope="session")
def flat_table():
    """20,000 clusters flat in log mass."""
    return simulate_flat(20_000, seed=2)


@pytest.mark.parametrize("make", [simulate, simulate_flat])
def test_a_seed_gives_one_catalogue(make):
    """Same seed, same table; another seed, another one. Seeds of 64 bits are fine."""
    assert_same(make(200, seed=2**64 - 1), make(200, seed=2**64 - 1))
    assert not np.array_equal(make(200, seed=1)["sigv"], make(200, seed=2)["sigv"])


@pytest.mark.parametrize("make", [simulate, simulate_flat])
def test_the_number_of_processors_changes_nothing(make, monkeypatch):
    """Each chunk has its own random stream, so one thread gives what two give."""
    two = make(5000, seed=3)
    monkeypatch.setattr(run.os, "cpu_count", lambda: 1)
    assert_same(two, make(5000, seed=3))


def test_the_numbers_of_a_seed_do_not_drift():
    """A change of these values means another catalogue: raise SIMULATION_VERSION when it is meant."""
    table = simulate(50, seed=0)
    seen = [float(np.log10(table["M200c"]).mean()), float(table["Ngal"].mean()), float(table["sigv"].mean())]
    np.testing.assert_allclose(seen, GOLDEN, rtol=1e-5)


@pytest.mark.parametrize("make", [simulate, simulate_flat])
@pytest.mark.parametrize("size", [1, 37])
def test_any_size_can_be_had(make, size):
    """Sizes need not be multiples of anything."""
    assert len(make(size, seed=0)) == size


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: simulate(0, 0), "size=0"),
        (lambda: simulate(10, -1), "seed=-1"),
        (lambda: simulate_flat(10, 0, low=14.5, high=14.0), "low=14.5 and high=14.0"),
        (lambda: simulate_flat(10, 0, low=10.0), "low=10.0"),
    ],
)
def test_impossible_requests_are_refused(call, message):
    """The message repeats what was asked for."""
    with pytest.raises(ValueError, match=message):
        call()


def test_the_cut_holds(small_table, flat_table):
    """At least 11 galaxies, inside the cylinder, in the range of masses."""
    for table in (small_table, flat_table):
        assert table["Ngal"].min() == DEFAULT.min_galaxies
        assert 0 < table["R_mean"].min() < table["R_mean"].max() < DEFAULT.aperture
        assert np.abs(table["v_mean"]).max() < DEFAULT.velocity_cut
        assert table["m_mean"].min() > DEFAULT.stellar_mass_low
        mass = np.log10(table["M200c"])
        assert 13.5 <= mass.min() < mass.max() <= 15.33
        np.testing.assert_array_equal(table["sigv"], table["v_std"])


def test_flat_masses_are_flat(flat_table):
    """Uniform in log10 mass after the cut, between the limits asked for."""
    mass = np.log10(flat_table["M200c"])
    assert stats.kstest(mass, "uniform", (13.5, 1.83)).pvalue > 1e-4
    narrow = np.log10(simulate_flat(500, seed=0, low=14.0, high=14.1)["M200c"])
    assert 14.0 <= narrow.min() < narrow.max() <= 14.1


def test_a_cluster_looks_alike_in_both_catalogues(small_table):
    """At a given mass, where the cut bites, every feature has the same distribution flat or not."""
    flat = simulate_flat(8000, seed=5, low=13.5, high=13.6)
    inside = small_table[small_table["M200c"] < 10**13.6]
    for name, a, b in zip(flat.colnames, flat.itercols(), inside[flat.colnames].itercols(), strict=True):
        if name not in ("M200c", "cluster_id"):
            assert stats.ks_2samp(a, b).statistic < 0.04, name


def test_lines_of_sight_share_the_cluster_but_not_the_view(small_table):
    """Rows of one cluster_id have one mass, and differ in what is seen."""
    order = np.argsort(small_table["cluster_id"], kind="stable")
    same = np.diff(small_table["cluster_id"][order]) == 0
    assert same.sum() > 10_000
    assert (np.diff(small_table["M200c"][order])[same] == 0).all()
    assert (np.diff(small_table["sigv"][order])[same] != 0).all()


def test_rows_are_in_no_order(small_table):
    """A row's place tells nothing about its mass."""
    mass = np.log10(small_table["M200c"])
    assert abs(np.corrcoef(mass[1:], mass[:-1])[0, 1]) < 0.03
    assert abs(np.corrcoef(mass, np.arange(len(mass)))[0, 1]) < 0.03


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(2, 40), min_size=1, max_size=8), st.integers(0, 2**32 - 1))
def test_moments_agree_with_scipy(counts, seed):
    """Mean, sample std, skewness and excess kurtosis of each group."""
    groups = [np.random.default_rng(seed + i).normal(3.0, 2.0, n) for i, n in enumerate(counts)]
    values = np.concatenate(groups).astype(np.float32)
    mean, std, skew, kurt = grouped_moments(values, np.array(counts))
    np.testing.assert_allclose(mean, [g.mean() for g in groups], atol=1e-4)
    np.testing.assert_allclose(std, [g.std(ddof=1) for g in groups], rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(skew, [stats.skew(g) for g in groups], atol=2e-3)
    np.testing.assert_allclose(kurt, [stats.kurtosis(g) for g in groups], atol=5e-3)


def test_a_group_without_spread_has_finite_moments():
    """Equal values give zero spread, not NaN."""
    moments = grouped_moments(np.full(5, 2.0, np.float32), np.array([5]))
    np.testing.assert_array_equal(np.concatenate(moments), [2.0, 0.0, 0.0, 0.0])


@pytest.mark.parametrize("concentration", [1.0, 4.0, 16.0])
def test_projected_radii_are_those_of_an_nfw_sphere(concentration):
    """The table's quantiles agree with spheres drawn in three dimensions and projected."""
    rng = np.random.default_rng(0)
    x = np.linspace(0, concentration, 20_001)
    enclosed = np.log1p(x) - x / (1 + x)
    r = np.interp(rng.random(200_000), enclosed / enclosed[-1], x) / concentration
    projected = r * np.sqrt(1 - rng.uniform(-1, 1, r.size) ** 2)
    row = profiles.concentration_row(np.array([concentration]))[0]
    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    np.testing.assert_allclose(
        np.quantile(profiles.radius_table()[row], levels), np.quantile(projected, levels), atol=0.004
    )


def test_the_mass_function_is_tinkers():
    """About 4e4 halos of 10^13.5 to 10^13.7 in a cubic Gpc/h, 100 near 10^15 (Tinker et al. 2008)."""
    masses = np.array([13.6, 15.0])
    np.testing.assert_allclose(halos.mass_function(masses, 0.117) * 0.2, [4.2e4, 92.0], rtol=0.1)


def test_physical_scales_are_right():
    """R200c and the velocity dispersion at 10^15 h^-1 Msun, from the formulae by hand."""
    mass = np.array([15.0])
    assert halos.radius_200c(mass, DEFAULT)[0] == pytest.approx(1.117 * 1.566, abs=0.002)  # comoving
    unbiased = dataclasses.replace(DEFAULT, sigma_bias=1.0)
    assert halos.velocity_dispersion(mass, unbiased)[0] == pytest.approx(1082.9 * 1.0587**0.3361, rel=1e-3)


def test_every_parameter_is_in_the_fingerprint():
    """Changing any one of them makes cached catalogues outdated."""
    prints = {DEFAULT.fingerprint()}
    for field in dataclasses.fields(Parameters):
        value = getattr(DEFAULT, field.name)
        prints.add(dataclasses.replace(DEFAULT, **{field.name: value + 1}).fingerprint())
    assert len(prints) == 1 + len(dataclasses.fields(Parameters))


def test_simulating_touches_neither_home_nor_the_users_cosmology(tmp_path):
    """Colossus writes no file, and its global cosmology is as it was."""
    code = (
        "from colossus.cosmology import cosmology as c; c.setCosmology('planck18', persistence='');"
        "from clustermass.simulation import simulate; simulate(10, 0); print(c.getCurrent().name)"
    )
    environment = {"HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "planck18"
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_small_catalogue_already_looks_like_the_published_one(small_table):
    """Medians of richness and dispersion in well filled bins are within 0.05 dex."""
    from anchor_comparison import QUANTITIES, compare_marginals

    for quantity in QUANTITIES:
        well_filled = slice(0, 8)  # up to 10^14.3, hundreds of rows each
        assert np.abs(compare_marginals(small_table, quantity).deviation[well_filled, 1]).max() < 0.05


@pytest.mark.slow
def test_marginals_match_the_published_catalogue(full_table):
    """0.02 dex rms and 0.06 dex at worst over all percentiles and bins; tails 0.04 dex rms."""
    from anchor_comparison import QUANTITIES, compare_marginals, compare_tails

    marginals = np.concatenate([compare_marginals(full_table, q).deviation for q in QUANTITIES])
    assert np.sqrt(np.mean(marginals**2)) < 0.02
    assert np.abs(marginals).max() < 0.06
    tails = np.concatenate([compare_tails(full_table, q).deviation for q in QUANTITIES])
    assert np.sqrt(np.mean(tails**2)) < 0.04


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 11])
def test_counts_match_the_published_catalogue(seed, full_table):
    """Clusters per bin of mass within 10 %, and within 20 % above 10^14.5, whatever the seed."""
    from anchor_comparison import compare_counts

    counts = compare_counts(full_table if seed == 0 else simulate(seed=seed))
    ratio = (counts.simulated / counts.published)[:, 0]
    tolerance = np.where(counts.mass < 14.5, 0.1, 0.2)
    assert (np.abs(ratio - 1) < tolerance).all(), ratio


@pytest.mark.slow
def test_networks_learn_what_they_learnt_from_the_published_catalogue(full_table):
    """Scatter 0.115 to 0.135 dex; a squared error's bias as published; none for an MDN under a flat prior."""
    import reference_networks
    from anchor_comparison import compare_residuals

    train, test = Catalog(full_table).split()
    flat = Catalog(simulate_flat(40_000, seed=9))
    x_test, y_test = test.arrays()
    x_flat, y_flat = flat.arrays(like=train)
    mass = np.log10(flat.table["M200c"])
    scatter = np.std(reference_networks.regression(train.arrays(), x_test) - y_test[:, 0])
    assert 0.115 < scatter < 0.135

    predicted = reference_networks.regression(train.arrays(), x_flat, converged=True)
    curve = compare_residuals(mass, {"mse_regression": predicted - y_flat[:, 0]})
    inside = (curve.mass >= 13.7) & (curve.mass <= 14.9)
    # 0.022 to 0.025 dex were measured, with trainings that converge: see docs/decisions/0004.
    assert np.abs(curve.deviation[inside]).max() < 0.03, curve.deviation

    estimates = reference_networks.mixture(train.arrays(), x_flat, converged=True)
    for name in ("mdn_mean_flat_prior", "mdn_median_flat_prior"):
        residual = estimates[name] - y_flat[:, 0]
        bins = [residual[(mass >= m) & (mass < m + 0.2)] for m in np.arange(13.8, 15.0, 0.2)]
        assert np.sqrt(np.mean([np.median(r) ** 2 for r in bins])) < 0.03, name
