"""The routines outside StableHLO that a program may call: linear algebra of LAPACK and cuSOLVER, for real matrices.

They run on bare memory and believe what they are told, so a call must be one that JAX writes: the results must have the
types that the routine fills, and the options must be known ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.judge.allowed import refusal
from autograder.judge.tensors import Tensor

# Attributes of a custom call; anything else (an older calling convention, a side effect) is refused.
ATTRIBUTES = frozenset(
    {
        *("call_target_name", "mhlo.backend_config", "mhlo.frontend_attributes", "operand_layouts"),
        *("output_operand_aliases", "result_layouts", "sdy.sharding_rule"),
    }
)
_FRONTEND = re.compile(r'\{num_batch_dims = "\d+"\}')
_ALIAS = re.compile(r"output_tuple_indices = \[(\d*)\], operand_index = (\d+), operand_tuple_indices = \[\]>")


class _Unlike(Exception):
    """A call that JAX does not write."""


@dataclass(frozen=True)
class Routine:
    """One routine: the results that it fills for its operands, and the values that its options may have.

    Attributes:
        results: from the options and the operands' types to the types of what it fills.
        options: names and their values, as StableHLO writes them.
    """

    results: Callable[..., Sequence[Tensor]]
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)


def _letters(letters: str) -> frozenset[str]:
    return frozenset(f"{ord(letter)} : ui8" for letter in letters)


_BOOL = frozenset({"true", "false"})


def _matrix(x: Tensor) -> tuple[tuple[int, ...], int, int]:
    """Batch shape, rows and columns."""
    if len(x.shape) < 2 or 0 in x.shape:
        raise _Unlike
    return x.shape[:-2], x.shape[-2], x.shape[-1]


def _square(x: Tensor) -> tuple[tuple[int, ...], int]:
    batch, rows, columns = _matrix(x)
    if rows != columns:
        raise _Unlike
    return batch, rows


def _info(batch: tuple[int, ...]) -> Tensor:
    return Tensor(batch, "i32")


def _cholesky(options: Mapping[str, str], x: Tensor) -> Sequence[Tensor]:
    batch, _ = _square(x)
    return x, _info(batch)


def _lu(options: Mapping[str, str], x: Tensor) -> Sequence[Tensor]:
    batch, rows, columns = _matrix(x)
    return x, Tensor((*batch, min(rows, columns)), "i32"), _info(batch)


def _triangular_solve(options: Mapping[str, str], a: Tensor, b: Tensor) -> Sequence[Tensor]:
    batch, size = _square(a)
    other, rows, columns = _matrix(b)
    if batch != other or a.element != b.element:
        raise _Unlike
    if size != (rows if options["side"] == f"{ord('L')} : ui8" else columns):
        raise _Unlike
    return (b,)


def _eigh(options: Mapping[str, str], x: Tensor) -> Sequence[Tensor]:
    batch, size = _square(x)
    return x, Tensor((*batch, size), x.element), _info(batch)


def _svd(options: Mapping[str, str], x: Tensor) -> Sequence[Tensor]:
    batch, rows, columns = _matrix(x)
    least = min(rows, columns)
    left, right = (rows, columns) if options["mode"] != f"{ord('S')} : ui8" else (least, least)
    factors = Tensor((*batch, rows, left), x.element), Tensor((*batch, right, columns), x.element)
    return x, Tensor((*batch, least), x.element), *factors, _info(batch)


def _svd_jacobi(options: Mapping[str, str], x: Tensor) -> Sequence[Tensor]:
    batch, rows, columns = _matrix(x)
    least = min(rows, columns)
    left, right = (rows, columns) if options["full_matrices"] == "true" else (least, least)
    factors = Tensor((*batch, rows, left), x.element), Tensor((*batch, columns, right), x.element)
    return x, Tensor((*batch, least), x.element), *factors, _info(batch)


def _qr(options: Mapping[str, str], x: Tensor) -> Sequence[Tensor]:
    batch, rows, columns = _matrix(x)
    return x, Tensor((*batch, min(rows, columns)), x.element)


def _householder(options: Mapping[str, str], x: Tensor, reflectors: Tensor) -> Sequence[Tensor]:
    batch, rows, columns = _matrix(x)
    *other, count = reflectors.shape
    if tuple(other) != batch or reflectors.element != x.element or not rows >= columns >= count:
        raise _Unlike
    return (x,)


def _pivots(options: Mapping[str, str], pivots: Tensor) -> Sequence[Tensor]:
    if not pivots.shape or pivots.element != "i32":
        raise _Unlike
    return (pivots,)


_TRIANGLE = {"uplo": _letters("LU")}
_SOLVE = {
    **_TRIANGLE,
    "side": _letters("LR"),
    "trans_x": _letters("NTC"),
    "diag": _letters("NU"),
}
ROUTINES: dict[str, Routine] = {
    **{f"lapack_{kind}potrf_ffi": Routine(_cholesky, _TRIANGLE) for kind in "sd"},
    **{f"lapack_{kind}getrf_ffi": Routine(_lu) for kind in "sd"},
    **{f"lapack_{kind}trsm_ffi": Routine(_triangular_solve, _SOLVE) for kind in "sd"},
    **{f"lapack_{kind}syevd_ffi": Routine(_eigh, {**_TRIANGLE, "mode": _letters("V")}) for kind in "sd"},
    **{f"lapack_{kind}gesdd_ffi": Routine(_svd, {"mode": _letters("ASN")}) for kind in "sd"},
    **{f"lapack_{kind}geqrf_ffi": Routine(_qr) for kind in "sd"},
    **{f"lapack_{kind}orgqr_ffi": Routine(_householder) for kind in "sd"},
    "cusolver_potrf_ffi": Routine(_cholesky, {"lower": _BOOL}),
    "cusolver_getrf_ffi": Routine(_lu),
    "cusolver_syevd_ffi": Routine(_eigh, {"lower": _BOOL, "algorithm": frozenset({"0 : ui8"})}),
    "cusolver_gesvdj_ffi": Routine(_svd_jacobi, {"full_matrices": _BOOL, "compute_uv": _BOOL}),
    "cusolver_geqrf_ffi": Routine(_qr),
    "cusolver_orgqr_ffi": Routine(_householder),
    "cu_lu_pivots_to_permutation": Routine(_pivots),
}


def problem(
    target: str, attributes: Mapping[str, Any], operands: Sequence[Tensor], results: Sequence[Tensor]
) -> str | None:
    """What is to be said against a custom call, or None.

    Args:
        target: which routine is called.
        attributes: its attributes, by name.
        operands: types of what it takes.
        results: types of what it gives.
    """
    routine = ROUTINES.get(target)
    if routine is None:
        return refusal(target)
    try:
        if not attributes.keys() <= ATTRIBUTES:
            raise _Unlike
        options = _options(attributes, routine)
        _expect_real(target, operands)
        expected = [routine.results(options, *operands)]
        if target.endswith("gesdd_ffi") and options["mode"] == f"{ord('N')} : ui8":
            # Singular values alone: the factors are not filled, and JAX may declare the small ones.
            expected.append(routine.results({"mode": f"{ord('S')} : ui8"}, *operands))
        if tuple(results) not in [tuple(types) for types in expected]:
            raise _Unlike
        _expect_aliases(attributes, operands, results)
    except (_Unlike, TypeError, KeyError):  # TypeError: another number of operands
        return f"calls `{target}` in another way than JAX does, which cannot be judged."
    return None


def _options(attributes: Mapping[str, Any], routine: Routine) -> dict[str, str]:
    config = attributes["mhlo.backend_config"]
    options = {entry.name: str(entry.attr) for entry in config}
    if options.keys() != routine.options.keys():
        raise _Unlike
    if any(value not in routine.options[name] for name, value in options.items()):
        raise _Unlike
    frontend = attributes.get("mhlo.frontend_attributes")
    if frontend is not None and not _FRONTEND.fullmatch(str(frontend)):
        raise _Unlike
    return options


def _expect_real(target: str, operands: Sequence[Tensor]) -> None:
    if target == "cu_lu_pivots_to_permutation":
        return
    letter = re.match(r"lapack_([sd])", target)
    wanted = {"s": {"f32"}, "d": {"f64"}}[letter[1]] if letter else {"f32", "f64"}
    if not operands or any(operand.element not in wanted for operand in operands):
        raise _Unlike


def _expect_aliases(
    attributes: Mapping[str, Any], operands: Sequence[Tensor], results: Sequence[Tensor]
) -> None:
    """A result may be written over an operand of the same type."""
    for alias in attributes.get("output_operand_aliases", ()):
        match = _ALIAS.search(str(alias))
        if match is None:
            raise _Unlike
        result, operand = int(match[1] or 0), int(match[2])
        if result >= len(results) or operand >= len(operands) or results[result] != operands[operand]:
            raise _Unlike
