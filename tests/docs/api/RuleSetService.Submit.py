import grpc
from suasion.v1.rule_set_service_pb2 import (
    ReviewState,
    RuleSetServiceListRequest,
    RuleSetServiceSubmitRequest,
)
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

rule_sets = RuleSetServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
kept = rule_sets.List(RuleSetServiceListRequest(), timeout=10).versions
idle = next(each.version for each in kept if each.share == 0)
request = RuleSetServiceSubmitRequest(version=idle, reason="for spring")
print(ReviewState.Name(rule_sets.Submit(request, timeout=10).review.state))
