"""Writes `stdlib/holidays.sua` and `stdlib/holidays/` from the package `holidays`, which collects public holidays of the world.

Once a year, or when a government has announced dates; move YEARS on, and in any environment but the project's:

    pip install --require-hashes -r tests/stdlib/requirements-holidays.txt
    python -m tests.stdlib.make_holidays

then `./suasion fmt stdlib` and `./test tests/stdlib`, which hold the result against other sources.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import holidays

from tests.stdlib.countries import COUNTRIES, REGIONAL, REGIONS

STDLIB = Path(__file__).resolve().parents[2] / "stdlib"
YEARS = (2026, 2027, 2028)
SOURCE = f"the package holidays {holidays.__version__}"

COVERED = f"""\
# Yes in the years that this file knows, unknown in all others: there, a holiday is not known, which is not no.
crowd covered "{YEARS[0]} to {YEARS[-1]}; of other years nothing is known" {{
  sqrt(days(today - {YEARS[0]}-01-01)) >= 0 and sqrt(days({YEARS[-1]}-12-31 - today)) >= 0
}}
"""

HEAD = """\
# Public holidays {years}: somebody is in a crowd on the days that are public holidays there, by their own local date.
#
#   use std.holidays{use}
#   policy gentle default {{ never all when user in {example} }}
#
# {scope}
# Written by tests/stdlib/make_holidays.py from {source}; not by hand. Governments add and move days, and
# days that go by the moon are estimates until they are announced: those are named above their crowd.
"""


def written(name: str, place: str, code: str, region: str | None = None) -> str:
    """The crowd of one country or region. Raises ValueError for a year without a holiday: there the package knows nothing."""
    days = {
        day: title
        for year in YEARS
        for day, title in holidays.country_holidays(code, subdiv=region, years=year, language="en_US").items()
        if day.year == year
    }
    estimated = sorted(day for day, title in days.items() if "estimated" in title)
    lines = [*comment(estimated), f'crowd {name} "Public holiday today in {place}" {{']
    parts = [f"today in ({', '.join(map(str, of_year))})" for of_year in by_year(days)]
    lines += [f"  {'or ' if number else ''}{part}" for number, part in enumerate(parts)]
    return "\n".join([*lines, "  or not user in covered", "}", ""])


def by_year(days: Iterable[date]) -> Iterator[list[date]]:
    for year in YEARS:
        found = sorted(day for day in days if day.year == year)
        if not found:
            raise ValueError(f"no holidays in {year}")
        yield found


def comment(estimated: Sequence[date]) -> list[str]:
    text = f"Estimates: {', '.join(map(str, estimated))}."
    return textwrap.wrap(text, 110, initial_indent="# ", subsequent_indent="# ") if estimated else []


def country_name(name: str) -> str:
    """`united_kingdom` as people write it."""
    article = "the " if name in ("united_kingdom", "united_states", "united_arab_emirates") else ""
    special = {"hong_kong": "Hong Kong"}
    words = special.get(name, name.replace("_", " ").title().replace(" And ", " and "))
    return article + words


def regions(code: str) -> dict[str, tuple[str, str]]:
    """Crowd name → code and name of a region; cities are left out."""
    entity = getattr(holidays, code)
    aliases = entity.get_subdivision_aliases()
    wanted = [each for each in entity.subdivisions if len(each) <= 3 and each not in REGIONS[code].skipped]
    titles = {
        each: REGIONS[code].names.get(each) or next(iter(aliases.get(each) or [each])) for each in wanted
    }
    return {
        slug(title): (each, title) for each, title in sorted(titles.items(), key=lambda item: slug(item[1]))
    }


def slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "".join(
        sign if sign.isalnum() else "_" for sign in plain.lower().replace(".", "").replace("'", "")
    )


def countries() -> str:
    parts = [
        head(
            "",
            "holidays.germany",
            "Days that hold in a whole country. Regions: std.holidays.germany and others.",
        ),
        COVERED,
    ]
    parts += [written(name, f"all of {country_name(name)}", code) for name, code in COUNTRIES.items()]
    return "\n".join(parts)


def country(name: str, code: str) -> str:
    found = regions(code)
    first = f"{name}.{next(iter(found))}"
    scope = f"Regions of {country_name(name)}, each with the days that hold in the whole country."
    parts = [head(f".{name}", first, scope), COVERED]
    parts += [written(key, title, code, region) for key, (region, title) in found.items()]
    return "\n".join(parts)


def head(use: str, example: str, scope: str) -> str:
    years = f"{YEARS[0]} to {YEARS[-1]}"
    return HEAD.format(years=years, use=use, example=example, scope=scope, source=SOURCE)


def main() -> None:
    folder = STDLIB / "holidays"
    folder.mkdir(exist_ok=True)
    (STDLIB / "holidays.sua").write_text(countries(), encoding="utf-8")
    for name in REGIONAL:
        (folder / f"{name}.sua").write_text(country(name, COUNTRIES[name]), encoding="utf-8")


if __name__ == "__main__":
    main()
