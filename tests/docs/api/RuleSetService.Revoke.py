import grpc
from suasion.v1.rule_set_service_pb2 import RuleSetServiceListRequest, RuleSetServiceRevokeRequest
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

rule_sets = RuleSetServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
kept = rule_sets.List(RuleSetServiceListRequest(), timeout=10).versions
idle = next(each.version for each in kept if each.share == 0)
answer = rule_sets.Revoke(RuleSetServiceRevokeRequest(version=idle), timeout=10)
print("revoked", idle, "and moved", answer.moved_count)
