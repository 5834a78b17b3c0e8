from pathlib import Path

import grpc
from suasion.v1.rule_set_service_pb2 import RuleSetServiceActivateRequest, SourceFile, Sources
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
rules = SourceFile(name="shop.sua", text=Path("docs/api/shop.sua").read_text())
request = RuleSetServiceActivateRequest(sources=Sources(files=[rules]))
answer = RuleSetServiceStub(channel).Activate(request, timeout=30)
print("epoch", answer.rule_set.epoch, "after version", answer.previous_version)
