"""A node that has served boots and answers while MariaDB and Redis are dead: `python -m tests.reliability.booting` prints a row."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from suasion.v1 import decision_service_pb2 as pb
from suasion.v1.subject_pb2 import Subject

from cli.private.program import HOST, free_port
from tests.reliability.claims import RULES
from tests.reliability.partition import Wall, behind, port_of
from tests.reliability.places import Place, mariadb_in
from tests.reliability.process import Client, Server


async def boots_alone(place: Place, *, silent: bool) -> float:
    """With a Redis that is not there, and a MariaDB that is not there either, or of which nothing is heard. Seconds until a plan was
    told, by the rules that served last."""
    place = replace(place, patience=5, more=("--redis", f"redis://{HOST}:{free_port()}"))
    async with Wall.before(port_of(place)) as wall:
        server = Server(RULES, behind(place, wall))
        await server.start()
        await server.stop()
        if silent:
            wall.cut()
        else:
            await place.mortals[0].kill()
        begun = time.monotonic()
        await server.start()
        client = Client(server.address)
        request = pb.MatchPlanRequest(subject=Subject(user_id="u1"), decide="hellos")
        answer = await client.until_answered(client.decisions.MatchPlan, request, seconds=2)
        took = time.monotonic() - begun
        assert (answer.plan, answer.provenance.degraded) == ("hello", True)
        await client.close()
        await server.kill()
    return took


def main() -> None:
    for silent in (False, True):
        with TemporaryDirectory() as folder, mariadb_in(Path(folder)) as place:
            took = asyncio.run(boots_alone(place, silent=silent))
        print(f"booted and answered in {took:.1f} s, MariaDB {'silent' if silent else 'dead'}", flush=True)


if __name__ == "__main__":
    main()
