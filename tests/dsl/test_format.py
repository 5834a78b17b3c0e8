"""The one layout, by examples; `test_trees.py` holds it against every kind of node."""

import pytest

from dsl.format import format_file
from dsl.source import Source


def laid_out(text: str) -> str:
    return format_file(Source("a.sua", text))


def same(text: str) -> None:
    """The text is in the layout already."""
    assert laid_out(text) == text


def test_a_file_as_it_was_designed() -> None:
    same("""\
use std.lifecycle as life with purchase = order_paid  # the standard library is written in this language
settings { timezone "Europe/Berlin"  currency EUR  week starts monday }

profile user {
  id:       text      key
  timezone: timezone  default "UTC"
  country:  text      optional
  tier:     choice(free, plus, pro)
  email_ok: flag      default false
}
event cart_add { sku: text  price: money EUR }
event email_open { }
list staff "Employees, loaded by hand"

crowd hot_cart "Big cart, no order yet" {
  count of cart_add where price >= 20 EUR within 7 days >= 2
  and did not order_paid within 7 days
  and (country is missing or country in ("de", "fr"))
}
crowd lapsed { (time since last order_paid otherwise 999 days) > 60 days }
crowd rescue = (hot_cart or lapsed) except staff
policy gentle default {
  quiet 21:00 to 09:00 user time then wait
  cap push 1 per day  # calendar day of the user's zone
  never email when not user.email_ok
}
plan receipt { kind transactional  obey nothing  count nothing  send email "receipt" }

# the plan that pays for all
plan cart_nudge "Friendly reminder" {
  for rescue
  on cart_add wait 2 hours unless order_paid
  send push "nudge_v3" else email "nudge_v3" else sms "nudge_short"

  # worth
  value 1.50 EUR
  obey gentle
}
test "quiet hours hold the nudge until morning" {
  given user { id: "u1", timezone: "Asia/Tokyo", tier: plus }
  happens cart_add { price: 30 EUR } at 2026-03-01 20:10

  now 2026-03-01 22:40
  expect plan cart_nudge waits until 2026-03-02 09:00 because quiet
}
""")


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("crowd a{x>1   and\n\ny}", "crowd a { x > 1 and y }\n"),
        ("list a list b\n\n\n\nlist c", "list a\nlist b\n\nlist c\n"),
        ("\n\n  list a  \n\n", "list a\n"),
        ("event e{a:int optional key\n b:text}", "event e { a: int key optional  b: text }\n"),
        ('test "t"{now 2026-03-01T20:10}', 'test "t" {\n  now 2026-03-01 20:10\n}\n'),
        ("crowd a { x > - 3 and y in( 1,2 ) }", "crowd a { x > -3 and y in (1, 2) }\n"),
        ("plan p { value 20EUR cost 0.5EUR }", "plan p { value 20 EUR  cost 0.5 EUR }\n"),
        ("plan p { lever 110.0% value x*5% }", "plan p { lever 110.0%  value x * 5% }\n"),
        ('test "t" { happens e at 2026-03-01 }', 'test "t" {\n  happens e { } at 2026-03-01\n}\n'),
        ("", ""),
        ("\n\n", ""),
        ("# only words", "# only words\n"),
        ("list a\r\n\tlist b", "list a\nlist b\n"),
    ],
)
def test_blanks_are_put_right(text: str, layout: str) -> None:
    assert laid_out(text) == layout
    same(layout)


def test_what_is_too_long_is_broken() -> None:
    terms = [f"user.attribute_{number} >= {number}" for number in range(12)]
    assert laid_out(f"crowd a {{ {' or '.join(terms)} }}") == (
        "crowd a {\n  " + "\n  or ".join(terms) + "\n}\n"
    )
    codes = ", ".join(f'"code-{number}"' for number in range(100, 120))
    wide = laid_out(f"crowd a {{ user.code in ({codes}) and user.ok }}")
    assert wide.startswith('crowd a {\n  user.code in (\n    "code-100", "code-101",')
    assert wide.endswith('"code-119"\n  )\n  and user.ok\n}\n')
    assert max(map(len, wide.split("\n"))) <= 100


def test_every_comment_stays_near_its_words() -> None:
    text = """\
# above
crowd a { # opens
  x # of x
  # above y
  and y # of y
  # at the end
} # closes
# below

list b # of b
"""
    assert (
        laid_out(text)
        == """\
# above
crowd a {  # opens
  x  # of x
  # above y
  and y  # of y
  # at the end
}  # closes
# below

list b  # of b
"""
    )


def test_what_cannot_be_read_stays_as_it_is() -> None:
    text = "list  a\ncrowd b {  ??\n   # words\n  }\n\n\nlist   c  “x”\nlist  d\n"
    assert laid_out(text) == "list a\ncrowd b {  ??\n   # words\n  }\n\nlist   c  “x”\nlist d\n"


def test_what_is_passed_over_stays_as_it_is() -> None:
    text = "crowd b [ user.ok ]\n" * 502 + "crowd   c { user.ok }\n"
    assert laid_out(text) == text
