"""What the generated rules are about: one wide schema, the values that users have of it, and constants near them."""

from __future__ import annotations

from collections.abc import Mapping

ATTRIBUTES: Mapping[str, str] = {
    "country": "text",
    "name": "text",
    "ip": "text",
    "app_text": "text",
    "tier": "choice",
    "age": "int",
    "visits": "int",
    "height": "number",
    "odds": "number",
    "spend": "money EUR",
    "spend_usd": "money USD",
    "vip": "flag",
    "email_ok": "flag",
    "joined": "instant",
    "birthday": "date",
    "slack": "duration",
    "app": "version",
    "tags": "set",
    "zone": "timezone",
}
INPUTS: Mapping[str, str] = {"page": "text", "asked": "int", "premium": "flag", "cart_value": "money EUR"}
EVENTS: Mapping[str, Mapping[str, str]] = {
    "view": {"page": "text", "seconds": "number", "n": "int", "gift": "flag"},
    "cart": {
        "sku": "text",
        "price": "money EUR",
        "qty": "int",
        "at": "instant",
        "on": "date",
        "hold": "duration",
    },
    "order": {"order": "text", "total": "money EUR", "weight": "number", "size": "choice", "qty": "int"},
    "refund": {"order": "text", "qty": "int"},
}
LISTS = ("staff", "testers")
SHARED_FIELDS = (
    ("order", "refund", "order"),
    ("order", "refund", "qty"),
    ("cart", "order", "qty"),
    ("cart", "cart", "sku"),
)
"""(event, other event, field that both have)."""

DECLARATIONS = """
profile user {
  id: text key  country: text optional  name: text optional  ip: text optional  app_text: text optional
  tier: choice(free, plus, pro) optional  age: int optional  visits: int default 3
  height: number optional  odds: number  spend: money EUR optional  spend_usd: money USD optional
  vip: flag optional  email_ok: flag default true  joined: instant optional  birthday: date optional
  slack: duration optional  app: version optional  tags: set(text) optional  zone: timezone optional
}
input { page: text optional  asked: int optional  premium: flag optional  cart_value: money EUR optional }
event view { page: text  seconds: number  n: int  gift: flag }
event cart { sku: text  price: money EUR  qty: int  at: instant  on: date  hold: duration }
event order { order: text  total: money EUR  weight: number  size: choice(small, large)  qty: int }
event refund { order: text  qty: int }
list staff
list testers
"""

TEXTS = ("de", "fr", "DE", "Zürich", "😀", "", "a b", "ß", "x-1", "1.10.0")
SAFE = ("de", "fr", "a", "x-1")
CONSTANTS: Mapping[str, tuple[str, ...]] = {
    "text": tuple(f'"{text}"' for text in TEXTS),
    "choice": ("free", "plus", "pro"),
    "int": ("0", "1", "2", "3", "18", "40", "9223372036854775807"),
    "number": ("0.0", "0.5", "1.5", "2.0", "100.25", "0.000001"),
    "money EUR": ("0 EUR", "0.01 EUR", "9.99 EUR", "20 EUR", "100.000001 EUR"),
    "money USD": ("0 USD", "5 USD", "21.74 USD"),
    "flag": ("true", "false"),
    "instant": ("2026-03-01 09:00", "2026-03-29 02:30", "2026-03-08 07:00Z", "2025-11-02 01:30"),
    "date": ("2026-03-01", "2026-03-29", "2000-02-29", "1985-07-14"),
    "duration": ("30 minutes", "1 day", "36 hours", "2 weeks"),
    "version": ('version("1.0.0")', 'version("1.10.0")', 'version("2.0.0-rc.1")'),
    "timezone": ('"UTC"', '"Europe/Berlin"'),
}
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Africa/Cairo",
)
WINDOWS = ("30 minutes", "1 hour", "1 day", "7 days", "30 days", "90 days")
WINDOW_MICROSECONDS: Mapping[str, int] = {
    "30 minutes": 1_800_000_000,
    "1 hour": 3_600_000_000,
    "1 day": 86_400_000_000,
    "7 days": 604_800_000_000,
    "30 days": 2_592_000_000_000,
    "90 days": 7_776_000_000_000,
}
RANGES = (
    ("2026-02-01", "2026-03-29"),
    ("2026-03-29 02:30", "2026-03-29 03:30"),
    ("2025-10-26", "2025-10-26"),
)
