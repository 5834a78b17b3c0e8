"""All crowds at once: both ways give what each crowd answers alone."""

from __future__ import annotations

from random import Random

from compiler.decision.crowds import FEW, INDEXED_FROM
from compiler.decision.program import Program
from compiler.types import UNAVAILABLE, Value
from tests.decision.rules import DAY, DECLARATIONS, NOW, events, facts, program

CONDITIONS = (
    "user.i >= {n}",
    "user.n < {n} and user.f",
    "user.tier is plus or user.i < {n}",
    "count of view within {n} days >= 2 and not user.g",
    "user.i is missing or user.j > user.i",
    "user in vip and not user in c0",
)


def of_crowds(count: int) -> Program:
    crowds = (
        f"crowd c{n} {{ {CONDITIONS[n % len(CONDITIONS)].format(n=n % 40 + 1)} }}\n" for n in range(count)
    )
    return program(DECLARATIONS + "".join(crowds))


def drawn(random: Random) -> dict[str, Value]:
    choices: dict[str, list[Value]] = {
        "i": [None, UNAVAILABLE, 5, 20, 41],
        "j": [None, 7],
        "n": [None, 3.5, 30.0],
        "f": [None, True, False],
        "g": [UNAVAILABLE, True, False],
        "tier": [None, "plus", "free"],
    }
    return {name: random.choice(values) for name, values in choices.items()}


def test_all_at_once_as_each_alone() -> None:
    random = Random(3)
    for count in (INDEXED_FROM - 1, INDEXED_FROM, FEW, FEW + 1):
        made = of_crowds(count)
        for _ in range(20):
            seen = events(*(NOW - random.randrange(40 * DAY) for _ in range(5)))
            known = facts(user=drawn(random), events={"view": seen}, lists={"vip": random.random() < 0.5})
            answers = made.crowds(known)
            assert list(answers) == [f"c{n}" for n in range(count)]
            assert answers == {name: made.crowd(name, known) for name in answers}
            found = made.matching(known)
            assert sorted(found.yes) == sorted(name for name, answer in answers.items() if answer)
            assert sorted(found.unknown) == sorted(name for name, answer in answers.items() if answer is None)
            numbered = made.crowd_ids(known)
            assert numbered.yes == [n for n in range(count) if answers[f"c{n}"]]
            assert numbered.unknown == [n for n in range(count) if answers[f"c{n}"] is None]
            assert [bits_of(each) for each in made.crowd_bitmaps(known)] == list(numbered)


def bits_of(octets: bytes) -> list[int]:
    """Written as binary digits, the lowest bit of each byte first."""
    digits = "".join(f"{octet:08b}"[::-1] for octet in octets)
    return [place for place, digit in enumerate(digits) if digit == "1"]
