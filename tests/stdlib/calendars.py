"""Public holidays by rule, as their laws put them: a second source for `std.holidays`, which takes nothing from the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

DAY = timedelta(days=1)
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
YEARS = (2026, 2027, 2028)


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Astronomical Algorithms, chapter 8)."""
    golden = year % 19
    century, in_century = divmod(year, 100)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def fixed(year: int, *days: str) -> set[date]:
    """Days that are the same each year: `12-25`."""
    return {date.fromisoformat(f"{year}-{day}") for day in days}


def from_easter(year: int, *distances: int) -> set[date]:
    """Days so far from Easter Sunday: −2 Good Friday, 1 Easter Monday, 39 Ascension, 50 Whit Monday, 60 Corpus Christi."""
    return {easter(year) + distance * DAY for distance in distances}


def nth(year: int, month: int, weekday: int, number: int) -> date:
    """The first, second, … such weekday of a month; −1 is the last."""
    days = [date(year, month, 1) + each * DAY for each in range(31)]
    fitting = [day for day in days if day.month == month and day.weekday() == weekday]
    return fitting[number - 1 if number > 0 else number]


def moved_to_monday(days: Iterable[date]) -> set[date]:
    """The days, and for each on a weekend the next working day that is none of them (United Kingdom)."""
    kept = set(days)
    for day in sorted(kept):
        if day.weekday() >= SATURDAY:
            substitute = day
            while substitute.weekday() >= SATURDAY or substitute in kept:
                substitute += DAY
            kept.add(substitute)
    return kept


def moved_to_nearest(days: Iterable[date]) -> Iterator[date]:
    """The days, and those on which they are observed: Friday for a Saturday, Monday for a Sunday (United States)."""
    for day in days:
        yield day
        if day.weekday() == SATURDAY:
            yield day - DAY
        if day.weekday() == SUNDAY:
            yield day + DAY


def germany(year: int) -> set[date]:
    return fixed(year, "01-01", "05-01", "10-03", "12-25", "12-26") | from_easter(year, -2, 1, 39, 50)


def bavaria(year: int) -> set[date]:
    return germany(year) | fixed(year, "01-06", "11-01") | from_easter(year, 60)


def saxony(year: int) -> set[date]:
    repentance = next(d for n in range(16, 23) if (d := date(year, 11, n)).weekday() == 2)
    return germany(year) | fixed(year, "10-31") | {repentance}


def austria(year: int) -> set[date]:
    days = ("01-01", "01-06", "05-01", "08-15", "10-26", "11-01", "12-08", "12-25", "12-26")
    return fixed(year, *days) | from_easter(year, 1, 39, 50, 60)


def switzerland(year: int) -> set[date]:
    return fixed(year, "01-01", "08-01", "12-25") | from_easter(year, 39)


def france(year: int) -> set[date]:
    days = ("01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25")
    return fixed(year, *days) | from_easter(year, 1, 39, 50)


def alsace(year: int) -> set[date]:
    return france(year) | fixed(year, "12-26") | from_easter(year, -2)


def belgium(year: int) -> set[date]:
    return fixed(year, "01-01", "05-01", "07-21", "08-15", "11-01", "11-11", "12-25") | from_easter(
        year, 0, 1, 39, 49, 50
    )


def italy(year: int) -> set[date]:
    """With Saint Francis, a public holiday again from 2026 (law 151 of 2025), and National Unity (law 54 of 1977)."""
    days = ("01-01", "01-06", "04-25", "05-01", "06-02", "08-15", "10-04", "11-01", "12-08", "12-25", "12-26")
    return fixed(year, *days) | from_easter(year, 0, 1) | {nth(year, 11, SUNDAY, 1)}


def poland(year: int) -> set[date]:
    """With Christmas Eve, a public holiday since 2025."""
    days = ("01-01", "01-06", "05-01", "05-03", "08-15", "11-01", "11-11", "12-24", "12-25", "12-26")
    return fixed(year, *days) | from_easter(year, 0, 1, 49, 60)


def portugal(year: int) -> set[date]:
    days = ("01-01", "04-25", "05-01", "06-10", "08-15", "10-05", "11-01", "12-01", "12-08", "12-25")
    return fixed(year, *days) | from_easter(year, -2, 0, 60)


def norway(year: int) -> set[date]:
    return fixed(year, "01-01", "05-01", "05-17", "12-25", "12-26") | from_easter(
        year, -3, -2, 0, 1, 39, 49, 50
    )


def denmark(year: int) -> set[date]:
    """Without General Prayer Day, abolished from 2024."""
    return fixed(year, "01-01", "12-25", "12-26") | from_easter(year, -3, -2, 0, 1, 39, 49, 50)


def united_kingdom(year: int) -> set[date]:
    """What England, Wales, Scotland and Northern Ireland share."""
    moved = moved_to_monday(fixed(year, "01-01", "12-25", "12-26"))
    return moved | from_easter(year, -2) | {nth(year, 5, MONDAY, 1), nth(year, 5, MONDAY, -1)}


def england(year: int) -> set[date]:
    return united_kingdom(year) | from_easter(year, 1) | {nth(year, 8, MONDAY, -1)}


def ireland(year: int) -> set[date]:
    """Saint Brigid is the first Monday in February unless the 1st is a Friday (law of 2022)."""
    first = date(year, 2, 1)
    brigid = first if first.weekday() == 4 else nth(year, 2, MONDAY, 1)
    mondays = {nth(year, month, MONDAY, number) for month, number in ((5, 1), (6, 1), (8, 1), (10, -1))}
    return fixed(year, "01-01", "03-17", "12-25", "12-26") | from_easter(year, 1) | mondays | {brigid}


def united_states(year: int) -> set[date]:
    """Federal holidays; the New Year of the next year may be observed on the last day of this one."""
    moving = [*fixed(year, "01-01", "06-19", "07-04", "11-11", "12-25"), date(year + 1, 1, 1)]
    mondays = {
        nth(year, month, MONDAY, number) for month, number in ((1, 3), (2, 3), (5, -1), (9, 1), (10, 2))
    }
    observed = {day for day in moved_to_nearest(moving) if day.year == year}
    return observed | mondays | {nth(year, 11, THURSDAY, 4)}


def japan(year: int) -> set[date]:
    """Act on National Holidays; the equinoxes by the Coast Guard's formula for 1980 to 2099."""
    days = fixed(
        year, "01-01", "02-11", "02-23", "04-29", "05-03", "05-04", "05-05", "08-11", "11-03", "11-23"
    )
    days |= {nth(year, month, MONDAY, number) for month, number in ((1, 2), (7, 3), (9, 3), (10, 2))}
    since = year - 1980
    days.add(date(year, 3, int(20.8431 + 0.242194 * since - since // 4)))
    days.add(date(year, 9, int(23.2488 + 0.242194 * since - since // 4)))
    return substituted_in_japan(days)


def substituted_in_japan(days: set[date]) -> set[date]:
    """A Sunday's holiday is made up for on the next day that is none; a day between two holidays is one."""
    kept = set(days)
    for day in sorted(days):
        if day.weekday() == SUNDAY:
            kept.add(next(d for n in range(1, 8) if (d := day + n * DAY) not in days))
    between = {before + DAY for before, after in pairwise(sorted(days)) if after - before == 2 * DAY}
    return kept | {day for day in between if day.weekday() != SUNDAY}


def brazil(year: int) -> set[date]:
    days = ("01-01", "04-21", "05-01", "09-07", "10-12", "11-02", "11-15", "11-20", "12-25")
    return fixed(year, *days) | from_easter(year, -2)


BY_RULE: Mapping[str, Callable[[int], set[date]]] = {
    "holidays.austria": austria,
    "holidays.belgium": belgium,
    "holidays.brazil": brazil,
    "holidays.denmark": denmark,
    "holidays.france": france,
    "holidays.germany": germany,
    "holidays.ireland": ireland,
    "holidays.italy": italy,
    "holidays.japan": japan,
    "holidays.norway": norway,
    "holidays.poland": poland,
    "holidays.portugal": portugal,
    "holidays.switzerland": switzerland,
    "holidays.united_kingdom": united_kingdom,
    "holidays.united_states": united_states,
    "france.alsace": alsace,
    "germany.bavaria": bavaria,
    "germany.saxony": saxony,
    "united_kingdom.england": england,
}
"""All holidays of a year, none besides."""

AMONG_OTHERS: Mapping[str, tuple[str, ...]] = {
    "holidays.argentina": ("05-01", "05-25", "07-09", "12-25"),
    "holidays.australia": ("01-01", "01-26", "04-25", "12-25", "12-26"),
    "holidays.canada": ("01-01", "07-01", "12-25"),
    "holidays.chile": ("05-01", "09-18", "09-19", "12-25"),
    "holidays.china": ("01-01", "05-01", "10-01", "10-02", "10-03"),
    "holidays.colombia": ("07-20", "08-07", "12-08", "12-25"),
    "holidays.czechia": ("07-05", "07-06", "09-28", "10-28", "11-17"),
    "holidays.finland": ("01-06", "05-01", "12-06", "12-25"),
    "holidays.greece": ("01-06", "03-25", "08-15", "10-28"),
    "holidays.hungary": ("03-15", "08-20", "10-23"),
    "holidays.india": ("01-26", "08-15", "10-02"),
    "holidays.indonesia": ("05-01", "06-01", "08-17"),
    "holidays.malaysia": ("05-01", "08-31", "09-16", "12-25"),
    "holidays.mexico": ("01-01", "05-01", "09-16", "12-25"),
    "holidays.netherlands": ("01-01", "12-25", "12-26"),
    "holidays.new_zealand": ("01-01", "01-02", "02-06", "04-25", "12-25"),
    "holidays.philippines": ("06-12", "11-30", "12-30"),
    "holidays.saudi_arabia": ("02-22", "09-23"),
    "holidays.singapore": ("05-01", "08-09", "12-25"),
    "holidays.south_africa": ("03-21", "04-27", "06-16", "08-09", "09-24", "12-16"),
    "holidays.south_korea": ("03-01", "05-05", "06-06", "08-15", "10-03", "10-09"),
    "holidays.spain": ("01-01", "01-06", "05-01", "10-12", "12-08", "12-25"),
    "holidays.sweden": ("01-06", "05-01", "06-06", "12-25", "12-26"),
    "holidays.taiwan": ("02-28", "10-10"),
    "holidays.thailand": ("04-13", "07-28", "08-12", "12-05", "12-10"),
    "holidays.turkey": ("04-23", "05-19", "07-15", "08-30", "10-29"),
    "holidays.united_arab_emirates": ("12-02", "12-03"),
    "holidays.vietnam": ("04-30", "05-01", "09-02"),
    "united_states.texas": ("03-02", "04-21"),
    "canada.quebec": ("06-24",),
    "spain.catalonia": ("09-11",),
}
"""Days that stand in a law and are the same each year."""
