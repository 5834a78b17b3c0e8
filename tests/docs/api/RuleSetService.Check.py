import grpc
from suasion.v1.rule_set_service_pb2 import RuleSetServiceCheckRequest, SourceFile, Sources
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
rules = SourceFile(name="rules.sua", text="crowd german { user.country is de }")
request = RuleSetServiceCheckRequest(sources=Sources(files=[rules]))
answer = RuleSetServiceStub(channel).Check(request, timeout=10)
print("valid" if answer.valid else answer.diagnostics[0].rendered)
