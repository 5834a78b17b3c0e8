"""What holds for every test."""

import os
import zoneinfo

from hypothesis import settings

pytest_plugins = ["tests.backing"]

# Zones come from the pinned tzdata package however pytest was started; `./suasion` sees to it for itself.
os.environ["PYTHONTZPATH"] = ""
zoneinfo.reset_tzpath(to=())

settings.register_profile("suasion", deadline=None, print_blob=True)  # no test fails for being slow
settings.load_profile("suasion")
