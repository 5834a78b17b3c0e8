from pathlib import Path

import grpc
from suasion.v1.replay_service_pb2 import ReplayRequest
from suasion.v1.replay_service_pb2_grpc import ReplayServiceStub

text = Path("docs/api/shop.sua").read_text()
request = ReplayRequest()
request.base.sources.files.add(name="shop.sua", text=text)
request.candidate.sources.files.add(name="shop.sua", text=text.replace("send push", "send sms"))
replays = ReplayServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
for answer in replays.Replay(request, timeout=60):
    if answer.HasField("report"):
        report = answer.report
        print(f"{report.changed_count} of {report.decision_count} decisions are not the same")
        print([f"{each.name}: {each.before:.0f}, then {each.after:.0f}" for each in report.sends])
