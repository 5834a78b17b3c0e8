"""Which countries `std.holidays` knows, and what their regions are called in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

COUNTRIES: Mapping[str, str] = {
    "argentina": "AR",
    "australia": "AU",
    "austria": "AT",
    "belgium": "BE",
    "brazil": "BR",
    "bulgaria": "BG",
    "canada": "CA",
    "chile": "CL",
    "china": "CN",
    "colombia": "CO",
    "croatia": "HR",
    "cyprus": "CY",
    "czechia": "CZ",
    "denmark": "DK",
    "egypt": "EG",
    "estonia": "EE",
    "finland": "FI",
    "france": "FR",
    "germany": "DE",
    "greece": "GR",
    "hong_kong": "HK",
    "hungary": "HU",
    "iceland": "IS",
    "india": "IN",
    "indonesia": "ID",
    "ireland": "IE",
    "israel": "IL",
    "italy": "IT",
    "japan": "JP",
    "latvia": "LV",
    "lithuania": "LT",
    "luxembourg": "LU",
    "malaysia": "MY",
    "malta": "MT",
    "mexico": "MX",
    "netherlands": "NL",
    "new_zealand": "NZ",
    "nigeria": "NG",
    "norway": "NO",
    "philippines": "PH",
    "poland": "PL",
    "portugal": "PT",
    "romania": "RO",
    "saudi_arabia": "SA",
    "singapore": "SG",
    "slovakia": "SK",
    "slovenia": "SI",
    "south_africa": "ZA",
    "south_korea": "KR",
    "spain": "ES",
    "sweden": "SE",
    "switzerland": "CH",
    "taiwan": "TW",
    "thailand": "TH",
    "turkey": "TR",
    "united_arab_emirates": "AE",
    "united_kingdom": "GB",
    "united_states": "US",
    "vietnam": "VN",
}


@dataclass(frozen=True, slots=True)
class Regions:
    """Names where the package's own are not English or are none; codes that are not written."""

    names: Mapping[str, str] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()


REGIONS: Mapping[str, Regions] = {
    "AU": Regions(),
    "BR": Regions(),
    "CA": Regions(),
    "CH": Regions({"GE": "Geneva", "LU": "Lucerne", "SG": "St. Gallen"}),
    "DE": Regions(
        {
            "BB": "Brandenburg",
            "BE": "Berlin",
            "BW": "Baden-Württemberg",
            "BY": "Bavaria",
            "HB": "Bremen",
            "HE": "Hesse",
            "HH": "Hamburg",
            "MV": "Mecklenburg-Vorpommern",
            "NI": "Lower Saxony",
            "NW": "North Rhine-Westphalia",
            "RP": "Rhineland-Palatinate",
            "SH": "Schleswig-Holstein",
            "SL": "Saarland",
            "SN": "Saxony",
            "ST": "Saxony-Anhalt",
            "TH": "Thuringia",
        }
    ),
    "ES": Regions(
        {
            "AN": "Andalusia",
            "CL": "Castile and León",
            "CN": "Canary Islands",
            "CT": "Catalonia",
            "IB": "Balearic Islands",
            "NC": "Navarre",
            "PV": "Basque Country",
            "VC": "Valencia",
        }
    ),
    "FR": Regions(
        {
            "57": "Moselle",
            "6AE": "Alsace",
            "971": "Guadeloupe",
            "972": "Martinique",
            "973": "French Guiana",
            "974": "Réunion",
            "976": "Mayotte",
        },
        skipped=frozenset({"BL", "MF", "NC", "PF", "PM", "TF", "WF"}),
    ),
    "GB": Regions(),
    "IN": Regions({"TS": "Telangana"}),
    "MY": Regions(
        {
            "07": "Penang",
            "14": "Kuala Lumpur",
            "15": "Labuan",
            "16": "Putrajaya",
        }
    ),
    "NZ": Regions(),
    "US": Regions(skipped=frozenset({"AS", "GU", "MP", "PR", "UM", "VI"})),
}
REGIONAL = tuple(name for name, code in COUNTRIES.items() if code in REGIONS)
