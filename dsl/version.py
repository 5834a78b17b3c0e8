"""The build of the engine, as decisions record it and `suasion --version` prints it."""

ENGINE_VERSION = "0.1.0"
