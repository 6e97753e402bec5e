"""Is what a sort compares by an order? XLA sorts with C++'s `std::sort`, which runs out of its array if it is not.

An order compares the same function of both sides (`key(a) < key(b)`), or, where those are equal, goes on with another
such pair: that is how `jax.lax.sort` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_LEFT, _RIGHT = 1, 2
_TOTAL = ("TOTALORDER", "SIGNED", "UNSIGNED")


def is_order(block: Any) -> bool:
    """Whether the comparator `block` of a `stablehlo.sort` is a strict weak order.

    Args:
        block: its only block, whose arguments are the left and the right value of each sorted array in turn.
    """
    return _Comparator(block).is_order()


class _Comparator:
    """The comparator's values as numbered expressions, equal ones with equal numbers."""

    def __init__(self, block: Any) -> None:
        self._numbers: dict[Any, int] = {}
        self._expressions: list[Any] = []
        self._sides: list[int] = []
        self._mirrored: dict[int, int] = {}
        values: dict[Any, int] = {}
        for position, argument in enumerate(block.arguments):
            pair, side = divmod(position, 2)
            values[argument] = self._number(("argument", pair, side), _RIGHT if side else _LEFT)
        *operations, last = block.operations
        for operation in operations:
            operation = operation.operation
            attributes = tuple(
                sorted((name, str(operation.attributes[name])) for name in operation.attributes)
            )
            operands = tuple(self._value(operand, values) for operand in operation.operands)
            sides = 0
            for operand in operands:
                sides |= self._sides[operand]
            for index, result in enumerate(operation.results):
                # What has a body is more than its name says: like nothing else, and on no side.
                plain = not len(operation.regions)
                expression = (operation.name, index, attributes, operands) if plain else ("body", result)
                values[result] = self._number(expression, sides if plain else 0)
        self._result = self._value(last.operation.operands[0], values)

    def is_order(self) -> bool:
        """Follow the chain of tie-breaks: `a < b`, or `a == b` and the rest."""
        current = self._result
        while (found := self._tie_break(current)) is not None:
            current = found
        return self._compared(current, ("LT", "GT")) is not None

    def _number(self, expression: Any, sides: int) -> int:
        if expression not in self._numbers:
            self._numbers[expression] = len(self._expressions)
            self._expressions.append(expression)
            self._sides.append(sides)
        return self._numbers[expression]

    def _value(self, value: Any, values: dict[Any, int]) -> int:
        """The number of a value; one from outside the comparator is a constant, the same on both sides."""
        return values[value] if value in values else self._number(("outside", value), 0)

    def _mirror(self, number: int) -> int:
        """The number of the same expression with left and right exchanged; -1 where there is none."""
        # Operands have smaller numbers, so going up they are mirrored before they are needed.
        for lower in range(len(self._mirrored), number + 1):
            expression = self._expressions[lower]
            if expression[0] == "argument":
                expression = ("argument", expression[1], 1 - expression[2])
            elif expression[0] not in ("outside", "body"):
                operands = tuple(self._mirrored[operand] for operand in expression[3])
                expression = (*expression[:3], operands)
            self._mirrored[lower] = self._numbers.get(expression, -1)
        return self._mirrored[number]

    def _compared(self, number: int, directions: tuple[str, ...]) -> frozenset[int] | None:
        """The two sides, if this compares a function of the left with the same function of the right."""
        expression = self._expressions[number]
        if expression[0] != "stablehlo.compare":
            return None
        attributes = " ".join(text for _, text in expression[2])
        a, b = expression[3]
        if not any(f" {direction}>" in attributes for direction in directions):
            return None
        if not any(f" {kind}>" in attributes for kind in _TOTAL):
            return None
        if {self._sides[a], self._sides[b]} != {_LEFT, _RIGHT} or self._mirror(a) != b:
            return None
        return frozenset((a, b))

    def _tie_break(self, number: int) -> int | None:
        """The rest, if this is `a < b or (a == b and rest)`."""
        for first, second in self._either_way(number, "stablehlo.or"):
            sides = self._compared(first, ("LT", "GT"))
            for equal, rest in self._either_way(second, "stablehlo.and"):
                if sides is not None and self._compared(equal, ("EQ",)) == sides:
                    return rest
        return None

    def _either_way(self, number: int, name: str) -> Iterator[tuple[int, int]]:
        expression = self._expressions[number]
        if expression[0] == name:
            a, b = expression[3]
            yield a, b
            yield b, a
