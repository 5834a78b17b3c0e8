from pathlib import Path

import grpc
from suasion.v1.replay_service_pb2 import REPLAY_LOOP_CLOSED, REPLAY_LOOP_OPEN, ReplayLoop, ReplayRequest
from suasion.v1.replay_service_pb2_grpc import ReplayServiceStub

text = Path("docs/api/shop.sua").read_text()
replays = ReplayServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
for loop in (REPLAY_LOOP_OPEN, REPLAY_LOOP_CLOSED):
    request = ReplayRequest(loop=loop)
    request.base.sources.files.add(name="shop.sua", text=text)
    request.candidate.sources.files.add(name="shop.sua", text=text.replace("send push", "send sms"))
    for answer in replays.Replay(request, timeout=60):
        if answer.HasField("report"):
            report = answer.report
            print(
                f"{ReplayLoop.Name(loop)}: {report.changed_count} of {report.decision_count} decisions are not the same"
            )
            print([f"{each.name}: {each.before:.0f}, then {each.after:.0f}" for each in report.sends])
