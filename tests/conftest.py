"""What holds for every test."""

import os
import signal
import zoneinfo

from hypothesis import settings

pytest_plugins = ["tests.backing"]

# Zones come from the pinned tzdata package however pytest was started; `./suasion` sees to it for itself.
os.environ["PYTHONTZPATH"] = ""
zoneinfo.reset_tzpath(to=())

# A job in the background may have been begun heedless of interruptions, and so would all that tests begin, and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("suasion", deadline=None, print_blob=True)  # no test fails for being slow
settings.load_profile("suasion")
